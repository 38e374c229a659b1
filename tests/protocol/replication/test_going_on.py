"""Killed, restored, run twice at once: a replication goes on where it should, and nowhere else."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence

import httpx2
import pytest

from sync.databases.contract import Database, Difference, Outcome, Range
from sync.databases.memory import MemoryCatalog, MemoryDatabase
from sync.documents import Document
from sync.errors import Forbidden
from sync.replication import Options, Report, agree, replicate

pytestmark = pytest.mark.anyio

Contents = Callable[[Database], Awaitable[object]]
EVERY_BATCH = Options(batch_documents=10, checkpoint_interval=0, in_flight=2)


class Counting(MemoryDatabase):
    """Notes what it is asked, and may refuse documents."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.asked: list[str] = []
        self.refused: frozenset[str] = frozenset()

    async def revs_diff(self, revs: Mapping[str, Sequence[str]]) -> dict[str, Difference]:
        self.asked += revs
        return await super().revs_diff(revs)

    async def write(self, documents: Sequence[Document], *, new_edits: bool = True) -> list[Outcome]:
        good = [document for document in documents if document.id not in self.refused]
        stored = iter(await super().write(good, new_edits=new_edits))
        return [
            next(stored) if document.id not in self.refused else Outcome(document.id, error=Forbidden("Not yours."))
            for document in documents
        ]


async def filled(count: int) -> Database:
    source = await MemoryCatalog().create("source")
    await source.write([Document(id=f"d{number:03}") for number in range(count)])
    return source


class TestKilled:
    @pytest.mark.parametrize("batches", [1, 3, 7])
    async def test_it_does_not_start_over(self, batches: int, contents: Contents) -> None:
        """What was copied before the last checkpoint is not even asked about again."""
        source, target = await filled(100), Counting("target")

        async def kill(report: Report) -> None:
            if report.checkpoints == batches:
                raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await replicate(source, target, EVERY_BATCH, on_progress=kill)
        target.asked.clear()
        report = await replicate(source, target, EVERY_BATCH)
        assert len(target.asked) == 100 - 10 * batches
        assert report.start_last_seq.startswith(f"{10 * batches}-")
        assert await contents(source) == await contents(target)

    async def test_cancelling_leaves_nothing_running(self) -> None:
        """After a cancelled replication no task of it is left."""
        source, target = await filled(100), Counting("target")
        before = asyncio.all_tasks()
        started = asyncio.Event()

        async def on_progress(report: Report) -> None:
            started.set()

        task = asyncio.create_task(replicate(source, target, EVERY_BATCH, on_progress=on_progress))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == before

    async def test_an_error_keeps_what_was_done(self) -> None:
        """A replication that ends with an error notes its place first."""
        source, target = await filled(100), Counting("target")
        diff = target.revs_diff

        async def fails_at_fifty(revs: Mapping[str, Sequence[str]]) -> dict[str, Difference]:
            if "d050" in revs:
                raise Forbidden("Not any more.")
            return await diff(revs)

        target.revs_diff = fails_at_fifty  # type: ignore[method-assign]
        with pytest.raises(Forbidden):
            await replicate(source, target, Options(batch_documents=10))
        target.revs_diff = diff  # type: ignore[method-assign]
        target.asked.clear()
        await replicate(source, target)
        assert target.asked[0] == "d050"


class TestRefusals:
    async def test_they_are_counted_and_named(self) -> None:
        """A refused document is in the report with id, revision and reason; the others are stored, and the place moves on."""
        source, target = await filled(30), Counting("target")
        target.refused = frozenset(("d007", "d020"))
        report = await replicate(source, target, EVERY_BATCH)
        assert (report.docs_written, report.doc_write_failures, report.ok) == (28, 2, False)
        rev = (await source.get("d007")).rev
        assert [(one.id, one.rev, one.error, one.reason) for one in report.refusals] == [
            ("d007", rev, "forbidden", "Not yours."),
            ("d020", (await source.get("d020")).rev, "forbidden", "Not yours."),
        ]
        assert (await replicate(source, target)).missing_checked == 0


class TestTwoAtOnce:
    async def test_they_don_t_harm_each_other(self, pair: tuple[Database, Database], contents: Contents) -> None:
        """The same replication run twice at the same time copies everything, and both note their place."""
        source, target = pair
        await source.write([Document(id=f"d{number:03}", body=b'{"n":%d}' % number) for number in range(60)])
        reports = await asyncio.gather(*[replicate(source, target, EVERY_BATCH) for _ in range(2)])
        assert all(report.ok for report in reports)
        assert await contents(source) == await contents(target)
        assert (await replicate(source, target)).missing_checked == 0


class TestRolledBack:
    async def test_a_target_without_its_checkpoint_gets_everything_again(self) -> None:
        """A target that lost its log (a database made anew) is not taken for the one that had everything."""
        source = await filled(20)
        await replicate(source, await MemoryCatalog().create("target"))
        fresh = await MemoryCatalog().create("target")
        assert (await replicate(source, fresh)).docs_written == 20

    async def test_another_epoch_is_noticed_while_it_runs(self) -> None:
        """A continuous replication offers everything again when its target comes back from a backup."""
        source, target = await filled(20), Counting("target")
        caught_up = asyncio.Semaphore(0)

        async def on_progress(report: Report) -> None:
            if report.waiting:
                caught_up.release()

        options = Options(continuous=True, epoch_interval=0.01)
        task = asyncio.create_task(replicate(source, target, options, on_progress=on_progress))
        await asyncio.wait_for(caught_up.acquire(), 20)
        asked = len(target.asked)
        target.epoch = "restored"
        await asyncio.wait_for(caught_up.acquire(), 20)
        assert len(target.asked) == asked + 20
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await agree(source, target)


@pytest.mark.couchdb
async def test_beside_couchdbs_own_replicator(make: Callable[[str], Awaitable[Database]]) -> None:
    """Our logs and those of CouchDB's `_replicate` between the same databases leave each other alone."""
    source, target = await make("couchdb"), await make("couchdb")
    await source.write([Document(id=f"d{number}") for number in range(20)])
    url = os.environ["OTKRYTKA_TEST_COUCHDB"]
    places = {"source": f"{url}/{source.name}", "target": f"{url}/{target.name}"}
    async with httpx2.AsyncClient(timeout=60) as client:
        first = (await client.post(f"{url}/_replicate", json=places)).json()
        assert (await replicate(source, target)).docs_written == 0
        assert (await replicate(source, target)).missing_checked == 0
        again = (await client.post(f"{url}/_replicate", json=places)).json()
    assert first["history"][0]["docs_written"] == 20
    assert again.get("no_changes") or again["session_id"] == first["session_id"]
    logs = [local.id for local in await source.local_docs(Range())]
    assert sum(doc_id.startswith("_local/otkrytka-") for doc_id in logs) == 2
    assert len(logs) == 3
