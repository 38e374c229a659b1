"""The application as the server runs it, with two chapters: what a hostile device or page meets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.app import create_app
from server.chapters import add_chapter
from server.settings import Settings
from tests.protocol.server.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A server with the chapters moscow and tver. A fault of its own is an answer with 500 here, as it is outside."""
    with TestClient(create_app(Settings(data=tmp_path / "data")), raise_server_exceptions=False) as client:
        opened = House(client)
        for slug in ("moscow", "tver"):
            opened.call(add_chapter, opened.context.catalog, slug, ru=slug, en=slug, zone="Europe/Moscow")
        opened.settle()
        yield opened
