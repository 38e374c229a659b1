"""When a chapter was last heard from, and whether that is longer ago than its own document says it should be.

Heard from means: counts of one of its devices arrived here, or the hub that holds them told of its night. A hub that has not
told of any yet counts from its enrolment.
"""

import datetime as dt

from server.domain.documents import Chapter, Localized

_NAMELESS = Chapter(schema=1, name=Localized(ru="—"))
"""What holds of a chapter that has a database and is not in the register (yet)."""


def last_heard(*moments: dt.datetime | None) -> dt.datetime | None:
    """The latest of these moments; None when there is none."""
    return max((moment for moment in moments if moment is not None), default=None)


def is_silent(heard: dt.datetime | None, chapter: Chapter | None, now: dt.datetime | None = None) -> bool:
    """Whether it should have been heard from since. Where nobody ever was, nothing is missed."""
    patience = dt.timedelta(days=(chapter or _NAMELESS).silent_after_days)
    return heard is not None and (now or dt.datetime.now(dt.UTC)) - heard > patience
