"""The application on a folder of its own, with two chapters."""

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
    """A server with the chapters moscow and tver, ready."""
    with TestClient(create_app(Settings(data=tmp_path / "data"))) as client:
        opened = House(client)
        for slug, ru, en in (("moscow", "Москва", "Moscow"), ("tver", "Тверь", "Tver")):
            opened.call(add_chapter, opened.context.catalog, slug, ru=ru, en=en, zone="Europe/Moscow")
        opened.settle()
        yield opened
