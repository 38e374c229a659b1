"""Copying handed over to the replicator of the CouchDB behind us, and supervised like our own.

    our CouchDB  ◄── its _replicator ──►  upstream's door /db, with the hub's token

The other end of the copying is upstream's door and not its CouchDB: upstream's rules are asked about every document, whatever
lies behind the door, and no CouchDB is reachable from outside. CouchDB counts refused documents and does not name them; the
comparison afterwards does.
"""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

import anyio
import anyio.to_thread

from server.couchdb import Administration, CouchdbError
from server.hub.membership import Membership
from server.jobs.report import impersonal
from server.jobs.watch import Watch
from server.settings import Secret
from sync.databases.contract import Database
from sync.errors import Unavailable
from sync.replication import Report

_LOOK_SECONDS = 1.0


class Handover:
    """Copies databases by CouchDB's replicator."""

    def __init__(self, couchdb: Secret, member: Membership, watch: Watch) -> None:
        self._couchdb = couchdb.reveal()
        self._member = member
        self._watch = watch
        self._administration = Administration(self._couchdb)

    async def carry(self, source: Database, target: Database, step: str) -> Report:
        """As `replicate`, for a database of ours and upstream's of the same name. `step` is "push" or "pull"."""
        here, there = self._here(source.name), self._there(source.name)
        ends = (here, there) if step == "push" else (there, here)
        job = f"otkrytka-{step}-{source.name}"
        try:
            await self._do(partial(self._administration.begin_replication, job, *ends))
            return await self._supervise(job, source.name, step)
        finally:
            # The job holds the token and the password: it must go whatever happens, a stall included.
            with anyio.CancelScope(shield=True):
                await self._do(partial(self._administration.end_replication, job))

    async def _supervise(self, job: str, database: str, step: str) -> Report:
        before: Mapping[str, Any] | None = None
        while True:
            state, figures = await self._do(partial(self._administration.replication, job))
            if figures != before:
                self._watch.of_replication(database, step, _report(figures))
                before = figures
            if state == "completed":
                return _report(figures)
            if state == "failed":
                raise Unavailable(f"CouchDB's replicator gave up: {impersonal(str(figures.get('error', 'no reason')))}")
            await anyio.sleep(_LOOK_SECONDS)

    def _here(self, name: str) -> dict[str, object]:
        parts = urlsplit(self._couchdb)
        login = {"username": unquote(parts.username or ""), "password": unquote(parts.password or "")}
        return {"url": f"{self._administration.address}/{name}", "auth": {"basic": login}}

    def _there(self, name: str) -> dict[str, object]:
        token = self._member.token.reveal()
        return {"url": f"{self._member.url}/db/{name}", "headers": {"Authorization": f"Bearer {token}"}}

    async def _do(self, work: "partial[Any]") -> Any:
        try:
            return await anyio.to_thread.run_sync(work)
        except CouchdbError as error:
            raise Unavailable(str(error)) from None


def _report(figures: Mapping[str, Any]) -> Report:
    """CouchDB's figures as a replication's report."""
    return Report(
        session_id=secrets.token_hex(16),
        missing_checked=_number(figures, "revisions_checked"),
        missing_found=_number(figures, "missing_revisions_found"),
        docs_read=_number(figures, "docs_read"),
        docs_written=_number(figures, "docs_written"),
        doc_write_failures=_number(figures, "doc_write_failures"),
        pending=_number(figures, "changes_pending"),
    )


def _number(figures: Mapping[str, Any], name: str) -> int:
    return int(figures.get(name) or 0)
