"""Which chapters have been silent for longer than they should be."""

import datetime as dt

from server.domain.documents import Chapter, Localized
from server.hub.silence import is_silent, last_heard

NOW = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
CHAPTER = Chapter(schema=1, name=Localized(ru="Тверь"), silent_after_days=3)


def test_a_chapter_is_silent_after_the_days_its_document_says() -> None:
    """Its own number, not everybody's; a chapter the register does not name has the usual one."""
    four_days_ago = NOW - dt.timedelta(days=4)
    assert is_silent(four_days_ago, CHAPTER, NOW)
    assert not is_silent(four_days_ago, None, NOW)
    assert not is_silent(NOW - dt.timedelta(days=3), CHAPTER, NOW)
    assert is_silent(NOW - dt.timedelta(days=8), None, NOW)


def test_nobody_is_missed_who_was_never_there() -> None:
    """A chapter without counts and without a hub has nothing to say yet."""
    assert last_heard(None, None) is None
    assert not is_silent(None, CHAPTER, NOW)


def test_counts_and_the_hubs_own_word_both_count() -> None:
    """Whichever came last."""
    earlier = NOW - dt.timedelta(days=9)
    assert last_heard(earlier, NOW) == NOW
    assert last_heard(NOW, None) == NOW
