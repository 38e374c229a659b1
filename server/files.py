"""Small files that must be whole and for their owner only: state, tokens, reports."""

import os
import secrets
from pathlib import Path

from sync.disk import fsync


def write_whole(path: Path, content: bytes) -> None:
    """Puts a file in place at once (mode 0600), on the disk before this returns: after a crash it is the old or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    fsync(path.parent)
