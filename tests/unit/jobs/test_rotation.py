"""Which backups stay."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from server.jobs.rotation import Keep, kept

UTC = dt.UTC
MOMENTS = st.sets(
    st.integers(0, 1000 * 24).map(lambda hours: dt.datetime(2024, 1, 1, tzinfo=UTC) + dt.timedelta(hours=hours)),
    min_size=1,
    max_size=60,
)


def nights(count: int) -> list[dt.datetime]:
    return [dt.datetime(2026, 11, 22, 3, 30, tzinfo=UTC) - dt.timedelta(days=days) for days in range(count)]


def test_a_year_of_nights_keeps_days_weeks_and_months() -> None:
    """The last three days, the last of each of the last two weeks, the last of each of the last two months."""
    stay = kept(nights(365), Keep(daily=3, weekly=2, monthly=2))
    days = sorted(moment.strftime("%m-%d") for moment in stay)
    # 22 November 2026 is a Sunday: the last of its week, and the 15th the last of the week before.
    assert days == ["10-31", "11-15", "11-20", "11-21", "11-22"]


def test_a_server_that_slept_loses_nothing() -> None:
    """Days without a backup do not count: the last seven that have one stay, however long ago they are."""
    rare = nights(365)[::40]
    assert kept(rare, Keep(daily=7, weekly=0, monthly=0)) == set(rare[:7])


def test_only_the_newest_of_a_day_stays() -> None:
    """Two backups of one day are one day's backup."""
    night = nights(1)[0]
    assert kept([night, night + dt.timedelta(hours=5)], Keep(2, 2, 2)) == {night + dt.timedelta(hours=5)}


@given(MOMENTS, st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
def test_the_newest_always_stays_and_doing_it_again_removes_nothing(
    moments: set[dt.datetime], daily: int, weekly: int, monthly: int
) -> None:
    """Whatever the numbers: the newest stays, no more than asked for stays, and rotation is idempotent."""
    keep = Keep(daily, weekly, monthly)
    stay = kept(moments, keep)
    assert max(moments) in stay
    assert stay <= moments
    assert len(stay) <= max(1, daily + weekly + monthly)
    assert kept(stay, keep) == stay
