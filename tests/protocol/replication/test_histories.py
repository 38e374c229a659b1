"""Whatever happened on two databases: once both have heard of each other, they hold the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.databases.contract import Database
from sync.databases.memory import MemoryCatalog
from sync.documents import Document
from sync.errors import NotFound
from sync.replication import Options, agree, mirrored, narrow, reoffer, replicate, synchronize

pytestmark = pytest.mark.anyio

# Who does what to which document: edits and deletions of any leaf, and replications in between.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.booleans(), st.sampled_from("abcde"), st.integers(0, 3), st.booleans()),
        st.tuples(st.just("replicate"), st.booleans(), st.integers(1, 3)),
    ),
    max_size=30,
)


async def step(here: Database, there: Database, what: tuple[object, ...]) -> None:
    match what:
        case ("edit", _, str(doc_id), int(leaf), bool(deleted)):
            try:
                leaves = await here.leaves(doc_id)
            except NotFound:
                rev = ""
            else:
                rev = leaves[leaf % len(leaves)].rev
            await here.write([Document(id=doc_id, rev=rev, body=b'{"by":"%s"}' % here.name.encode(), deleted=deleted)])
        case (_, _, int(batch)):
            await replicate(here, there, Options(batch_documents=batch))


@settings(max_examples=60, deadline=None)
@given(STEPS)
async def test_any_two_histories_converge(steps: list[tuple[object, ...]]) -> None:
    """After one replication each way leaves and winners are the same, whatever was edited, deleted and replicated before."""
    one, other = await MemoryCatalog().create("one"), await MemoryCatalog().create("other")
    for what in steps:
        await step(*(one, other) if what[1] else (other, one), what)
    await synchronize(one, other)
    assert await agree(one, other)
    assert await narrow(one, other) == []
    for row in (await one.changes()).rows:
        assert await one.leaves(row.id) == await other.leaves(row.id)


@settings(max_examples=40, deadline=None)
@given(STEPS)
async def test_narrowing_finds_exactly_what_differs_and_reoffering_mends_it(steps: list[tuple[object, ...]]) -> None:
    """The disagreements are the documents whose leaves differ; offered again both ways, none is left."""
    one, other = await MemoryCatalog().create("one"), await MemoryCatalog().create("other")
    for what in steps:
        await step(*(one, other) if what[1] else (other, one), what)
    found = await narrow(one, other)
    ours, theirs = await one.digest_leaves(""), await other.digest_leaves("")
    assert {each.id for each in found} == {doc_id for doc_id in ours | theirs if ours.get(doc_id) != theirs.get(doc_id)}
    await reoffer(one, other, found)
    await reoffer(other, one, mirrored(found))
    assert await agree(one, other)
