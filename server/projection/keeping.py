"""Keeps the register's `coverage`: who has had how many letters lately, for phones that suggest whom to write to.

    counts arrive ─► (rest) ─► coverage() ─► is it what is stored? ─► a new revision, or nothing

Every phone replicates the register, so it is written at most every few minutes, and never when it would say the same. Only the
national server does it, which sees all chapters; hubs get it with the rest of the register.
"""

import datetime as dt
import logging

import anyio
import msgspec

from server.domain.identifiers import REGISTER
from server.domain.identity import SERVER
from server.domain.validation import validate_bytes
from server.projection.coverage import coverage
from server.projection.follower import Follower
from server.projection.tables import Tables
from sync.databases.contract import Catalog, Database
from sync.documents import Document
from sync.errors import NotFound

COVERAGE = "coverage"
REST_SECONDS = 300.0
_START_SECONDS = 60.0
"""A server that starts has phones to answer first."""
_DAYS_PASS_SECONDS = 3600.0

logger = logging.getLogger(__name__)


async def keep_coverage(catalog: Catalog, tables: Tables, follower: Follower, *, rest: float = REST_SECONDS) -> None:
    """Keeps it for ever: after changes, and as days pass."""
    await follower.caught_up.wait()
    await anyio.sleep(min(rest, _START_SECONDS))
    while True:
        mark = follower.signals.mark
        try:
            await write_coverage(catalog, tables, dt.datetime.now(dt.UTC).date())
        except Exception as error:
            # The store may be away for a moment; phones then go on with what was said before.
            logger.warning("the coverage could not be kept: %s", type(error).__name__)
        await anyio.sleep(rest)
        with anyio.move_on_after(_DAYS_PASS_SECONDS):
            await follower.signals.wait(mark)


async def write_coverage(catalog: Catalog, tables: Tables, today: dt.date) -> bool:
    """Writes the coverage of a day where it is not what is stored; says whether it did. Where there is no register, nothing."""
    try:
        database = await catalog.open(REGISTER)
    except NotFound:
        return False
    body = msgspec.json.encode(await tables.read(coverage, today))
    stored = await _stored(database)
    if stored is not None and _says(stored.body) == _says(body):
        return False
    validate_bytes(COVERAGE, body, None, SERVER, REGISTER)
    [outcome] = await database.write([Document(id=COVERAGE, rev=stored.rev if stored else "", body=body)])
    return outcome.error is None  # somebody else's is as good; the next time sees


async def _stored(database: Database) -> Document | None:
    try:
        return await database.get(COVERAGE)
    except NotFound:
        return None


def _says(body: bytes) -> object:
    return msgspec.json.decode(body)
