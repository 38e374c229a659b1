"""The golden numbers, which the phone's own counting is held to as well."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.domain.counting import count, latest
from server.domain.documents import Closing, Sheet
from server.domain.totals import contested, standing

GOLDEN = Path(__file__).parents[3] / "fixtures" / "golden"


def _cases(name: str) -> list[Any]:
    cases = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", _cases("tallies.json"))
def test_sheets_add_up_to_the_golden_tally(case: dict[str, Any]) -> None:
    """Heads, letters by kind, and distinct recipients of a few telling sets of sheets."""
    counted = count(msgspec.convert(case["sheets"], list[Sheet]))
    numbers = msgspec.to_builtins(counted) | {"written": counted.written, "recipients": len(counted.recipients)}
    assert numbers == case["tally"]


@pytest.mark.parametrize("case", _cases("merges.json"))
def test_copies_of_a_sheet_merge_the_same_in_every_order(case: dict[str, Any]) -> None:
    """Whatever copy comes first, one sheet with the same counters in the same order of lines is left."""
    for copies in permutations(msgspec.convert(case["copies"], list[Sheet])):
        (merged,) = latest(copies)
        plain = msgspec.to_builtins(merged)
        assert {"heads": plain["heads"], "letters": plain["letters"]} == case["merged"]


@pytest.mark.parametrize("case", _cases("closings.json"))
def test_the_standing_closing_does_not_depend_on_arrival(case: dict[str, Any]) -> None:
    """A closing is replaced only by one that names it; ties are broken by id, whatever arrived first."""
    for closings in permutations(case["closings"]):
        known = {closing["_id"]: msgspec.convert(closing, Closing) for closing in closings}
        assert standing(known) == case["standing"]
        assert list(contested(known)) == case["contested"]
