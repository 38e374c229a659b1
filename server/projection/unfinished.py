"""The mark beside a file that is written without waiting for the disk, for as long as it is.

    made ──► marked, the mark locked ──► read into ──► on the disk ──► no mark
                       │
                       └─ power or process lost ──► marked, and nobody's lock: who opens it next makes it anew

The lock goes with its process, however that ends. So whoever finds a mark knows whether its maker is still at work.
"""

import contextlib
import fcntl
import os
from pathlib import Path

from sync.disk import fsync

SUFFIX = ".unfinished"


class Mark:
    """The mark of a file that this process makes; `place` it before there is anything in the file, and `lift` it last."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle

    @classmethod
    def place(cls, path: Path) -> "Mark | None":
        """Marks a file; None where somebody else makes it at this moment."""
        mark = _beside(path)
        handle = os.open(mark, os.O_CREAT | os.O_RDWR, 0o600)
        if not _locked(handle):
            os.close(handle)
            return None
        fsync(mark.parent)
        return cls(mark, handle)

    def lift(self) -> None:
        """The file is whole, and on the disk."""
        self._path.unlink(missing_ok=True)
        self.leave()

    def leave(self) -> None:
        """Gives up, and leaves the mark where it is: the file can't be trusted."""
        os.close(self._handle)


def is_abandoned(path: Path) -> bool:
    """Whether a file was never finished, and nobody is at it any more."""
    try:
        handle = os.open(_beside(path), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        # The mark may have been lifted since it was opened.
        return _locked(handle) and os.fstat(handle).st_nlink > 0
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)
