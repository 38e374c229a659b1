"""Locks between processes of one data folder. The kernel keeps them (flock), so a process that is killed leaves none behind.

in-use     shared by every server, nightly job and backup; a restore takes it alone
nightly    one nightly job or backup at a time: each clears away what one that was killed left unfinished
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IN_USE = "in-use.lock"
NIGHTLY = "nightly.lock"


class LockHeld(Exception):
    """Another process holds the lock. The text is a sentence for the operator."""


@contextmanager
def held(folder: Path, name: str, *, shared: bool = False) -> Iterator[None]:
    """Holds a lock of the folder, or raises LockHeld at once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The file stays: removing it would let two processes hold "the same" lock on two files.
    handle = os.open(folder / name, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeld(_SENTENCES[name, shared].format(folder=folder)) from None
        yield
    finally:
        os.close(handle)


_SENTENCES = {
    (NIGHTLY, False): "a nightly job or a backup is at work on {folder}; wait until it is done.",
    (IN_USE, False): "a server or a nightly job is at work on {folder}; stop it first.",
    (IN_USE, True): "a restore is at work on {folder}; wait until it is done.",
}
