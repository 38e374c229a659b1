"""A short run of kill_store.py; the script runs as long as you like, with any seed."""

from pathlib import Path

import pytest

from tests.chaos import kill_store

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("seed", [1, 2])
async def test_killing_the_writing_process_breaks_no_promise(tmp_path: Path, seed: int) -> None:
    """Acknowledged is stored, batches are whole, the file is sound, and sequences mean one thing."""
    assert await kill_store.run(seed, 4, tmp_path) > 0
