"""The signing secret: made once, kept for its owner only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from server.auth.keys import signing_secret
from server.settings import Secret, Settings


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    """The second start has the first one's secret; the file is readable by its owner alone."""
    settings = Settings(data=tmp_path / "data")
    secret = signing_secret(settings).reveal()
    assert len(secret) >= 32
    assert signing_secret(settings).reveal() == secret
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    """However many make it at once, one secret comes of it, and no draft is left."""
    settings = Settings(data=tmp_path)
    with ThreadPoolExecutor(8) as starts:
        secrets = {secret.reveal() for secret in starts.map(lambda _: signing_secret(settings), range(8))}
    assert len(secrets) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_the_environment_comes_first(tmp_path: Path) -> None:
    """A secret that is set is used, and none is made."""
    settings = Settings(data=tmp_path, secret=Secret("x" * 32))
    assert signing_secret(settings).reveal() == "x" * 32
    assert list(tmp_path.iterdir()) == []
