"""Keeps the releases up to date while the server runs: at the start, when totals changed, and when another day has come."""

import datetime as dt
import logging
import sqlite3
from collections.abc import Container, Sequence

import anyio
import msgspec
from msgspec import Struct

from server.domain import totals
from server.domain.identifiers import chapter_database
from server.domain.suppression import Amount, Block, advance, is_ripe, step
from server.projection import queries
from server.projection.follower import Follower
from server.projection.tables import Tables
from server.publication.figures import figures
from server.publication.releases import COUNTRY, NOTHING, Release, ReleaseStore, Stored

_PAUSE_SECONDS = 1.0  # counts come in flocks: one publication for many
_LOOK_SECONDS = 900.0  # evenings ripen with the date, and other servers of the same store publish too

_OF_CHAPTER = """
    SELECT event, day, published_heads, published_written, closings, bounds
    FROM evening WHERE database = ? AND day IS NOT NULL"""
_RECIPIENTS = """
    SELECT popcount(unite(recipients)) FROM evening
    WHERE (database, event) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))"""

logger = logging.getLogger(__name__)


class _Known(Struct, frozen=True):
    """The evenings of a chapter whose day is known: their amounts, and which of them are ripe."""

    heads: dict[str, Amount]
    written: dict[str, Amount]
    ripe: frozenset[str]


class Publisher:
    """`figures` are the numbers that are said at present; there are none on a server that does not publish."""

    def __init__(self, store: ReleaseStore, tables: Tables, follower: Follower) -> None:
        self._store, self._tables, self._follower = store, tables, follower
        self._publishing = anyio.Lock()
        self.figures = figures({})

    async def run(self) -> None:
        """Publishes until cancelled. Totals that are still being read are waited for: what is said can't be taken back."""
        await self._follower.caught_up.wait()
        signals = self._follower.signals
        mark, chapters = signals.mark, None
        while not signals.stopped:
            try:
                await self.publish(dt.datetime.now(dt.UTC).date(), chapters)
            except Exception as error:
                # A store that is away must not end the server; what was said before is still said.
                logger.error("nothing could be published: %s", type(error).__name__)
            with anyio.move_on_after(_LOOK_SECONDS) as look:
                mark, chapters = await signals.wait(mark)
                await anyio.sleep(_PAUSE_SECONDS)
            if look.cancelled_caught:
                chapters = None

    async def publish(self, today: dt.date, chapters: Container[str] | None = None) -> None:
        """Brings the releases of these chapters (None: of all) up to date, and what is said of the country."""
        async with self._publishing:
            while not await self._publish(today, chapters):
                continue  # another server was faster: what it said is where we go on from

    async def _publish(self, today: dt.date, chapters: Container[str] | None) -> bool:
        before = await self._store.all()
        said = dict(before)
        for slug in await self._tables.read(queries.followed_chapters):
            if chapters is not None and slug not in chapters:
                continue
            known = await self._tables.read(_evenings, slug, today)
            said[slug] = _next(said.get(slug, NOTHING), known)
        if any(said[place] != before.get(place, NOTHING) for place in said):
            said[COUNTRY] = await self._country(said)
        for place, stored in said.items():
            if stored == before.get(place, NOTHING):
                continue
            if not await self._store.put(place, stored.release, stored.rev):
                return False
        self.figures = figures({place: stored.release for place, stored in said.items()})
        return True

    async def _country(self, said: dict[str, Stored]) -> Stored:
        stored = said.get(COUNTRY, NOTHING)
        chapters = {place: one.release.written for place, one in said.items() if place != COUNTRY}
        events = [(chapter_database(slug), event) for slug, blocks in chapters.items() for event in _events(blocks)]
        recipients = step(stored.release.recipients, await self._tables.read(_recipients, events))
        return msgspec.structs.replace(stored, release=Release(recipients=recipients))


def _next(stored: Stored, known: _Known) -> Stored:
    old = stored.release
    heads = advance(old.heads, known.heads, known.ripe)
    written = advance(old.written, known.written, known.ripe)
    if (heads, written) == (old.heads, old.written):
        return stored
    return msgspec.structs.replace(stored, release=Release(heads=heads, written=written))


def _events(blocks: Sequence[Block]) -> list[str]:
    return [event for block in blocks if block.count is not None for event in block.events]


def _recipients(connection: sqlite3.Connection, events: Sequence[tuple[str, str]]) -> int:
    """How many different prisoners were written to at these events, named by their databases and ids."""
    count: int = connection.execute(_RECIPIENTS, (msgspec.json.encode(events).decode(),)).fetchone()[0]
    return count


def _evenings(connection: sqlite3.Connection, slug: str, today: dt.date) -> _Known:
    heads, written, ripe = {}, {}, set()
    for row in connection.execute(_OF_CHAPTER, (chapter_database(slug),)):
        event, day = str(row["event"]), dt.date.fromisoformat(row["day"])
        bounds = _bounds(connection, slug, event) if row["bounds"] else (False, False)
        heads[event] = Amount(day, row["published_heads"], bounds[0])
        written[event] = Amount(day, row["published_written"], bounds[1])
        if is_ripe(day, closed=bool(row["closings"]), today=today):
            ripe.add(event)
    return _Known(heads, written, frozenset(ripe))


def _bounds(connection: sqlite3.Connection, slug: str, event: str) -> tuple[bool, bool]:
    """Which of an evening's published numbers, heads and written, are lower bounds."""
    published = totals.publish(queries.evening(connection, chapter_database(slug), event))
    return published.heads.at_least, published.written.at_least
