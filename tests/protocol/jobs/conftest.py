"""A national server and a hub of it, whole, in this process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.protocol.jobs.country import Country, open_country


@pytest.fixture
async def country(tmp_path: Path) -> AsyncIterator[Country]:
    """National with the chapters moscow and tver, and a hub for tver that has joined it."""
    async with open_country(tmp_path) as opened:
        yield opened
