"""Replication ids: the same replication is found again, and no other is."""

import pytest

from sync.databases.memory import MemoryCatalog
from sync.replication.ids import REPLICA, replica_of, replication_ids, version_1
from sync.replication.options import Options


def test_what_is_copied_is_part_of_the_id() -> None:
    """Replications that copy different things never share a log; the order of doc_ids does not matter."""
    options = [
        Options(),
        Options(doc_ids=("a",)),
        Options(doc_ids=("a", "b")),
        Options(selector={"a": 1}),
        Options(doc_ids=()),
    ]
    ids = {version_1("x", "y", one) for one in options} | {version_1("y", "x", Options())}
    assert len(ids) == len(options) + 1
    assert version_1("x", "y", Options(doc_ids=("b", "a"))) in ids
    assert all(one.startswith("_local/otkrytka-1-") for one in ids)


def test_how_it_is_copied_is_not() -> None:
    """Batch sizes, retries and continuing may change between runs."""
    assert version_1("x", "y", Options(continuous=True, in_flight=9, batch_documents=1)) == version_1(
        "x", "y", Options()
    )


@pytest.mark.anyio
async def test_a_database_keeps_its_name() -> None:
    """A database is known again under whatever address it is opened, and two are never the same."""
    catalog = MemoryCatalog()
    one, two = await catalog.create("one"), await catalog.create("two")
    assert await replica_of(one) == await replica_of(one)
    assert await replica_of(one) != await replica_of(two)
    assert (await one.get_local(REPLICA)).id == "_local/otkrytka-replica"
    assert await replication_ids(one, two, Options()) == await replication_ids(one, two, Options())
    assert await replication_ids(one, two, Options()) != await replication_ids(two, one, Options())
