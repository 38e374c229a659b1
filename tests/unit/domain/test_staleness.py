"""Where somebody is held now, which the phone's envelopes and the register's pages must agree on."""

import pytest

from server.domain.documents import Localized, Placement, Prisoner
from server.domain.staleness import current

OLD = Placement(facility="Colony 1", verified_on="2026-02-20")


@pytest.mark.parametrize(
    ("placements", "facility"),
    [
        ([], None),
        ([OLD], "Colony 1"),
        ([OLD, Placement(facility="Colony 2")], "Colony 2"),
        ([Placement(facility="Colony 1", to="2026-02"), Placement(facility="Colony 2", to="2026-03")], None),
    ],
)
def test_somebody_is_where_they_were_last_said_to_be(placements: list[Placement], facility: str | None) -> None:
    """Whichever address was checked last; nowhere, if they have left that place too."""
    placement = current(Prisoner(schema=1, name=Localized(ru="Анна"), status="convicted", placements=placements))
    assert (placement.facility if placement else None) == facility
