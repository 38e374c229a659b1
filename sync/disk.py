"""What a crash must not take back."""

import os
from pathlib import Path


def fsync(path: Path) -> None:
    """Makes what a file holds last, or, of a folder, the names that were given or taken away in it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
