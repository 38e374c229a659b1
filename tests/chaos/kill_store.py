"""SIGKILL a process that writes, at random moments, and look at what it left.

    python tests/chaos/kill_store.py --seed 7 --rounds 20

The writing process has four writers at once, so that groups are committed, and acknowledges each batch on a pipe. This
process follows the feed beside it, kills it, and then holds the store to its promises:

- every acknowledged batch is there, and of the others each is there whole or not at all;
- the file passes `sync.checks` (winners, leaves, index, figures, digest, pages);
- no sequence that was seen ever names another change, and new ones are higher than all that were seen.
"""

import argparse
import asyncio
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from sync.checks import check
from sync.databases.contract import Database, Missing
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Document
from sync.errors import NotFound

NAME = "killed"
WRITERS = 4


def batch_of(seed: int, life: int, writer: int, number: int) -> list[Document]:
    """The batch a writer sends: derived from its numbers alone, so that both processes know it.

    New documents, second revisions of earlier ones, conflicts and deletions, as replication writes them.
    """
    choose = random.Random(f"{seed}-{life}-{writer}-{number}")
    mark = f"{life}.{writer}.{number}"
    documents = []
    for index in range(choose.randrange(1, 30)):
        root = Document(id=f"{mark}.{index}", rev=f"1-{mark}", body=b'{"batch":"%s"}' % mark.encode())
        documents.append(root)
    if number:
        earlier = batch_of(seed, life, writer, number - 1)[0]
        for ident in ("a", "b")[: choose.randrange(3)]:
            line = (f"{ident}{mark}", earlier.rev.partition("-")[2])
            deleted = choose.random() < 0.3
            documents.append(Document(id=earlier.id, rev=f"2-{line[0]}", ancestry=line, deleted=deleted))
    return documents


async def write_for_ever(folder: Path, seed: int, life: int) -> None:
    """The process that gets killed: says "<writer> <number>" after each acknowledged batch."""
    catalog = SqliteCatalog(folder)
    database = await catalog.open(NAME)

    async def writer(own: int) -> None:
        number = 0
        while True:
            outcomes = await database.write(batch_of(seed, life, own, number), new_edits=False)
            if any(outcome.error for outcome in outcomes):
                sys.exit(f"refused: {outcomes}")
            print(own, number, flush=True)  # noqa: T201 - the pipe to whoever kills us
            number += 1

    async def keeper() -> None:
        while True:  # what runs beside writers in real life, and writes too
            await database.digest()
            await database.compact()

    await asyncio.gather(keeper(), *(writer(own) for own in range(WRITERS)))


@dataclass
class Seen:
    """What the feed showed so far: sequence → (id, leaves)."""

    changes: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    since: str = "0"

    async def look(self, database: Database) -> None:
        page = await database.changes(self.since, all_leaves=True)
        for row in page.rows:
            known = self.changes.setdefault(row.seq, (row.id, row.revs))
            assert known == (row.id, row.revs), f"sequence {row.seq} was {known}, now {(row.id, row.revs)}"
        self.since = page.last_seq

    def highest(self) -> int:
        return max((int(seq.partition("-")[0]) for seq in self.changes), default=0)


async def live(folder: Path, database: Database, seed: int, life: int, seen: Seen) -> dict[int, int]:
    """One life of the writing process. The number of batches each writer had acknowledged when it was killed."""
    choose = random.Random(f"{seed}-{life}")
    process = subprocess.Popen(  # noqa: ASYNC220 - it is started and killed here, nothing waits for it
        [sys.executable, __file__, "--write", str(folder), "--seed", str(seed), "--life", str(life)],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        acknowledged = dict.fromkeys(range(WRITERS), 0)
        until = choose.randrange(2, 40)
        for _ in range(until):
            note(acknowledged, process.stdout.readline())
            await seen.look(database)
        time.sleep(choose.random() * 0.02)  # noqa: ASYNC251 - the moment of the kill is the point, not an event
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    for line in process.stdout.read().splitlines(keepends=True):
        note(acknowledged, line)
    process.stdout.close()
    return acknowledged


def note(acknowledged: dict[int, int], line: bytes) -> None:
    if line.endswith(b"\n"):
        writer, number = map(int, line.split())
        acknowledged[writer] = number + 1
    elif not line:
        sys.exit("the writing process ended by itself")


async def is_there(database: Database, batch: list[Document]) -> bool:
    """Whether a batch was stored. Fails when half of it was."""
    found = []
    for document in batch:
        try:
            found.append(any(leaf.rev == document.rev for leaf in await database.leaves(document.id)))
        except NotFound:
            found.append(False)
        if not found[-1]:  # a later batch may have made it an ancestor
            (known,) = (await database.revs_diff({document.id: [document.rev]})).values() or [None]
            found[-1] = known is None
    assert len(set(found)) == 1, f"half of a batch was stored: {list(zip(batch, found, strict=True))}"
    return found[0]


async def verify(
    folder: Path, database: Database, seed: int, life: int, acknowledged: dict[int, int], seen: Seen
) -> None:
    findings = check(folder / f"{NAME}.sqlite")
    assert findings == [], findings
    for writer, count in acknowledged.items():
        for number in range(count):
            assert await is_there(database, batch_of(seed, life, writer, number)), f"lost: {life} {writer} {number}"
        await is_there(database, batch_of(seed, life, writer, count))
        assert not await is_there(database, batch_of(seed, life, writer, count + 1))
    await seen.look(database)
    highest = seen.highest()
    (outcome,) = await database.write([Document(id=f"after {life}")])
    (change,) = (await database.changes(seen.since)).rows
    assert int(change.seq.partition("-")[0]) > highest
    assert not isinstance((await database.open_revs(f"after {life}", [outcome.rev]))[0], Missing)


async def run(seed: int, rounds: int, folder: Path) -> int:
    """Kills `rounds` processes. The number of batches that were acknowledged. Raises AssertionError for a broken promise."""
    total = 0
    seen = Seen()
    catalog = SqliteCatalog(folder)
    database = await catalog.create(NAME)
    for life in range(rounds):
        acknowledged = await live(folder, database, seed, life, seen)
        await verify(folder, database, seed, life, acknowledged, seen)
        total += sum(acknowledged.values())
        if life % 3 == 2:  # now and then nobody has it open in between, so that the log is recovered from scratch
            await catalog.close()
            catalog = SqliteCatalog(folder)
            database = await catalog.open(NAME)
    await catalog.close()
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--life", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.write is not None:
        asyncio.run(write_for_ever(asked.write, asked.seed, asked.life))
        return
    with tempfile.TemporaryDirectory() as folder:
        total = asyncio.run(run(asked.seed, asked.rounds, Path(folder)))
    print(f"seed {asked.seed}: killed {asked.rounds} times, {total} batches acknowledged, every promise kept")  # noqa: T201


if __name__ == "__main__":
    main()
