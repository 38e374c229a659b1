"""Where somebody is held now and whether that is still known: the phone and the register's pages must agree on both."""

import datetime as dt

import pytest

from server.domain.documents import Localized, Placement, Prisoner
from server.domain.staleness import current, is_stale

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


@pytest.mark.parametrize(
    ("verified_on", "today", "stale"),
    [
        ("2026-01-01", "2026-07-31", False),
        ("2026-01-31", "2026-08-01", True),
        ("2025-07", "2026-01-15", False),
        ("2025-06", "2026-01-15", True),
        ("2026", "2026-06-01", False),
        ("2025", "2026-06-01", True),
        (None, "2026-06-01", True),
    ],
)
def test_an_address_is_stale_after_six_calendar_months(verified_on: str | None, today: str, stale: bool) -> None:
    """The same cases as the phone's, and an address that nobody ever confirmed."""
    placement = Placement(facility="Colony 1", verified_on=verified_on)
    prisoner = Prisoner(schema=1, name=Localized(ru="Анна"), status="convicted", placements=[placement])
    assert is_stale(prisoner, dt.date.fromisoformat(today)) is stale
