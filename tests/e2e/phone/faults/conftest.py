"""One server for many tests, each with an evening of its own."""

from collections.abc import Iterator

import pytest

from server.domain.identifiers import new_ulid
from tests.e2e.stage import EVENT, Otkrytka, demonstration


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Otkrytka]:
    """One server for all: each test has an evening of its own."""
    with demonstration(tmp_path_factory.mktemp("faults")) as otkrytka:
        yield otkrytka


@pytest.fixture
def evening(server: Otkrytka) -> str:
    """An open evening that no other test counts at; its id."""
    event = {**EVENT, "_id": f"event:{new_ulid()}"}
    with server.join("coordinator", "moscow") as coordinator:
        coordinator.put(f"/db/chapter-moscow/{event['_id']}", json=event).raise_for_status()
    return str(event["_id"])
