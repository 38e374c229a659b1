"""The time a page is about: what an address says, and the address of what is shown."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.dashboards.periods import ALL, Period, current, period_of

DAY = st.dates(dt.date(1930, 1, 1), dt.date(2170, 1, 1))


@given(day=DAY, kind=st.sampled_from(("month", "season", "year")), by=st.integers(-20, 20))
def test_an_address_names_its_period_for_good(day: dt.date, kind: str, by: int) -> None:
    """Read back it is the same one; its neighbours touch it; steps there and back lead home."""
    period = current(kind, day)  # type: ignore[arg-type] # mypy doesn't see that these are its literals
    assert period.first is not None
    assert period.last is not None
    assert period.first <= day <= period.last
    assert period_of(period.query) == period
    following = period.moved(1)
    assert following is not None
    assert following.first == period.last + dt.timedelta(days=1)
    there = period.moved(by)
    assert there is not None
    assert there.moved(-by) == period


@given(first=st.none() | DAY, last=st.none() | DAY)
def test_any_days_are_read_back(first: dt.date | None, last: dt.date | None) -> None:
    """With both ends, one, or none."""
    period = Period("days", first, last) if first or last else ALL
    assert period_of(period.query) == period


@pytest.mark.parametrize(
    "parameters",
    [
        {"month": "2026-13"},
        {"month": "x"},
        {"season": "26"},
        {"year": "0000"},
        {"year": "9999"},
        {"from": "yesterday"},
        {},
    ],
)
def test_what_cannot_be_read_is_everything(parameters: dict[str, str]) -> None:
    """Rather than an error: the form above the numbers shows what was understood."""
    assert period_of(parameters) == ALL


def test_a_season_begins_in_september() -> None:
    """From September to August, named by the year it begins in."""
    assert current("season", dt.date(2026, 8, 31)) == Period("season", dt.date(2025, 9, 1), dt.date(2026, 8, 31))
    assert current("season", dt.date(2026, 9, 1)).query == {"season": "2026"}
