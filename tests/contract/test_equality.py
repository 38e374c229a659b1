"""Purging, security and the proof that two databases are equal, on every backend."""

import pytest

from sync.databases.contract import Catalog, Database, Leaf
from sync.documents import Document
from sync.errors import BadRequest, NotFound
from tests.contract.editing import graft, ids_since

pytestmark = pytest.mark.anyio


@pytest.mark.needs("purge")
async def test_purging_leaves_no_trace(database: Database) -> None:
    """A purged leaf is as if it had never been; other leaves and what they share stay."""
    await graft(database, "a", "2-c", "1-a", body=b'{"n":"c"}')
    await graft(database, "a", "2-b", "1-a", body=b'{"n":"b"}')
    await graft(database, "whole", "1-x")
    before = (await database.changes()).last_seq
    purged = await database.purge({"a": ["2-c", "1-a", "9-x"], "whole": ["1-x"], "none": ["1-a"]})
    assert {key: revs for key, revs in purged.items() if revs} == {"a": ("2-c",), "whole": ("1-x",)}
    assert (await database.get("a")).body == b'{"n":"b"}'
    assert await database.leaves("a") == [Leaf("2-b")]
    with pytest.raises(NotFound):
        await database.get("whole")
    assert (await database.info()).doc_count == 1
    assert await ids_since(database, before) == ["a"]
    assert await database.revs_diff({"whole": ["1-x"]})


async def test_security_is_kept(database: Database) -> None:
    """A JSON object, nothing else."""
    value = b'{"admins":{"names":["a"],"roles":[]},"members":{"names":[],"roles":["b"]}}'
    await database.set_security(value)
    assert await database.security() == value
    with pytest.raises(BadRequest):
        await database.set_security(b"[]")


async def test_digests_are_equal_exactly_when_leaves_are(catalog: Catalog) -> None:
    """However the leaves came: other orders, other sequences, purges and repetitions leave no trace in it."""
    one, two = await catalog.create("one"), await catalog.create("two")
    documents = [Document(id=f"doc{n}", rev="1-a", body=b'{"n":%d}' % n) for n in range(300)]
    await one.write(documents, new_edits=False)
    await one.digest()
    assert (await one.digest())[0] != (await two.digest())[0]
    await two.write(documents[150:], new_edits=False)
    await two.digest()
    await two.write(documents[:150], new_edits=False)
    assert await one.digest() == await two.digest()
    await graft(one, "doc7", "2-b", "1-a", deleted=True)
    nodes, others = await one.digest(), await two.digest()
    assert len(nodes) == 17
    assert nodes[0].hash != others[0].hash
    (differing,) = [a.prefix for a, b in zip(nodes[1:], others[1:], strict=True) if a != b]
    mine, theirs = await one.digest_leaves(differing), await two.digest_leaves(differing)
    assert {key for key in mine if mine[key] != theirs.get(key)} == {"doc7"}
    assert (mine["doc7"], theirs["doc7"]) == (("2-b",), ("1-a",))
    await graft(two, "doc7", "2-b", "1-a", deleted=True)
    assert await one.digest(["", differing]) == await two.digest(["", differing])


@pytest.mark.needs("purge")
async def test_digests_follow_purges(catalog: Catalog) -> None:
    """A purged document leaves no trace in the digest, whenever it was asked for before."""
    one, two = await catalog.create("one"), await catalog.create("two")
    await one.write([Document(id=f"d{n}", rev="1-a") for n in range(40)], new_edits=False)
    await two.write([Document(id=f"d{n}", rev="1-a") for n in range(1, 40)], new_edits=False)
    await one.digest()
    await one.purge({"d0": ["1-a"]})
    assert await one.digest() == await two.digest()
