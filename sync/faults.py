"""Unforeseen errors, as a log may tell of them: their kind and the lines of code, never their message or their values.

What an exception says may hold a document's content, a name or a token; where it happened can't.
"""

import traceback
from pathlib import Path

_PLACES = 4


def told(error: BaseException) -> str:
    """The kind of an error and where it happened, innermost first: "KeyError at a.py:3 < b.py:14"."""
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    places = (f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {' < '.join(places)}"
