"""Hubs and national as processes, through killed nights and a bad network."""

from pathlib import Path

from tests.chaos import nightly


def test_killed_nights_on_a_bad_network_end_equal_and_counted_once(tmp_path: Path) -> None:
    """One short life of `tests/chaos/nightly.py`, which lives longer ones by hand."""
    told = nightly.run(tmp_path, seed=4, rounds=2)
    assert "nights killed" in told
