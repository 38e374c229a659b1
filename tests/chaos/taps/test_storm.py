"""A small storm: see storm.py, which makes greater ones."""

from pathlib import Path

import pytest

from tests.chaos.taps.storm import Storm, storm


@pytest.mark.node
def test_nothing_counted_is_lost_and_nothing_is_counted_twice(tmp_path: Path) -> None:
    """Kills, clones, repeats, stale revisions, forgotten histories: the totals are the ledger's, also when rebuilt."""
    storm(tmp_path, 1, Storm(phones=6, events=3, turns=12, kills=2))
