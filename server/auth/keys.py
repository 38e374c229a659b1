"""The signing secret: from the settings, or made once and kept in the data folder for its owner only."""

import os
import secrets
from pathlib import Path

from server.settings import Secret, Settings

_FILE = "secret"


def signing_secret(settings: Settings) -> Secret:
    """The secret of this server. Made and kept (mode 0600) at the first call when the settings name none."""
    if settings.secret is not None:
        return settings.secret
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.data / _FILE
    if not path.exists():
        _make(path)
    return Secret(path.read_text("ascii").strip())


def _make(path: Path) -> None:
    """Writes a new secret beside its place and links it there, so that two starting processes agree on one whole file."""
    draft = path.with_name(f"{_FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return
    finally:
        draft.unlink()
