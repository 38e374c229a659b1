"""One database copied both ways with upstream, and the proof that both sides are then equal.

replicate ─► compare digests ─► equal
                 │ different
                 └► which documents ─► offer these again ─► compare again, up to ROUNDS times
"""

from collections.abc import Awaitable, Callable

from server.hub.above import Above
from server.hub.upstream import persist
from server.jobs.report import NAMED, DatabaseNight, Refused, impersonal
from server.jobs.watch import Watch
from sync.databases.contract import Database
from sync.replication import Disagreement, Options, Report, mirrored, reoffer, replicate

ROUNDS = 3

Carry = Callable[[Database, Database, str], Awaitable[Report]]
"""Copies the first to the second; the text names the step."""


class Copying:
    """A night's copying of one database. What it does is noted in `row` as it goes, so that nothing is lost when it fails.

    With `pull_only` nothing is pushed: upstream is the one place where such a database is written.
    """

    def __init__(self, row: DatabaseNight, above: Above, watch: Watch, *, pull_only: bool) -> None:
        self._row = row
        self._above = above
        self._watch = watch
        self._pull_only = pull_only
        self._refused: dict[tuple[str, str], Refused] = {}

    async def run(self, here: Database, there: Database, carry: Carry | None = None) -> None:
        """Raises what ends a replication: NotFound, Unauthorized, Forbidden, Unavailable, Stalled."""
        carry = carry or self._replicate
        if not self._pull_only:
            pushed = await carry(here, there, "push")
            self._row.pushed += self._note(pushed)
        pulled = await carry(there, here, "pull")
        self._row.pulled += self._note(pulled)
        await self._prove(here, there)

    async def _prove(self, here: Database, there: Database) -> None:
        before: list[Disagreement] = []
        for _ in range(ROUNDS):
            differing = await self._compare(here, there)
            if not differing:
                self._row.agreement = "equal"
                return
            # What differs in the same way twice is not merely being written at the moment.
            stubborn = [one for one in differing if one in before]
            if len(stubborn) == len(differing):
                break
            await self._mend(here, there, differing)
            before = differing
        else:
            differing = await self._compare(here, there)
            stubborn = [one for one in differing if one in before]
        self._row.agreement = "different" if stubborn else "moving" if differing else "equal"
        self._row.differences = len(stubborn)
        self._row.differing = [one.id for one in stubborn[:NAMED]]

    async def _compare(self, here: Database, there: Database) -> list[Disagreement]:
        self._watch.progress(here.name, "compare")
        differing = await persist(lambda: self._above.compare(here, there))
        self._watch.progress(here.name, "compare")
        return differing

    async def _mend(self, here: Database, there: Database, differing: list[Disagreement]) -> None:
        self._watch.display.say(database=here.name, differing=len(differing))
        if not self._pull_only:
            self._row.pushed += self._note(await reoffer(here, there, differing))
        self._row.pulled += self._note(await reoffer(there, here, mirrored(differing)))

    async def _replicate(self, source: Database, target: Database, step: str) -> Report:
        async def seen(report: Report) -> None:
            self._watch.of_replication(self._row.database, step, report)

        self._watch.progress(self._row.database, step)
        return await replicate(source, target, Options(), on_progress=seen)

    def _note(self, report: Report) -> int:
        """Notes who was refused; answers how many were written."""
        for one in report.refusals:
            self._refused[one.id, one.rev] = Refused(one.id, one.rev, one.error, impersonal(one.reason))
        self._row.refusals = max(self._row.refusals, len(self._refused), report.doc_write_failures)
        self._row.refused = list(self._refused.values())[:NAMED]
        return report.docs_written
