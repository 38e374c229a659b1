"""Waiting and giving up: what is tried again, how long the waits are, and when a replication counts as stalled."""

import asyncio
import random

import pytest

from sync.errors import Forbidden, OutOfSpace, SyncError, Unavailable
from sync.replication.backoff import Backoff, Persistence, Stalled, is_transient

pytestmark = pytest.mark.anyio


class Sleeper:
    """Notes the waits and does not wait."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


class Highest(random.Random):
    """Jitter that always falls on its upper end."""

    def uniform(self, a: float, b: float) -> float:
        return b


def persistence(sleep: Sleeper, attempts: int | None = 4, timeout: float | None = None) -> Persistence:
    backoff = Backoff(0.5, 3.0, chance=Highest(), sleep=sleep)
    return Persistence(backoff, attempts, timeout, on_failure=lambda error: None)


class Flaky:
    """Fails with these errors, one a call, then succeeds."""

    def __init__(self, *errors: SyncError) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


class TestBackoff:
    async def test_the_ceiling_doubles_up_to_the_cap(self) -> None:
        """Before the attempt after n failures the wait is at most base · 2ⁿ⁻¹, and never past the cap."""
        sleep = Sleeper()
        backoff = Backoff(0.5, 3.0, chance=Highest(), sleep=sleep)
        for failures in (1, 2, 3, 4, 5, 10_000):
            await backoff.pause(failures)
        assert sleep.waits == [0.5, 1.0, 2.0, 3.0, 3.0, 3.0]

    async def test_jitter_is_full(self) -> None:
        """Waits are spread from nothing to the ceiling, so that a crowd does not come back at once."""
        sleep = Sleeper()
        backoff = Backoff(1.0, 1.0, chance=random.Random(7), sleep=sleep)
        for _ in range(200):
            await backoff.pause(1)
        assert min(sleep.waits) < 0.05
        assert max(sleep.waits) > 0.95


class TestPersistence:
    @pytest.mark.parametrize("error", [Unavailable("gone"), OutOfSpace("full")])
    async def test_what_may_pass_is_tried_again(self, error: SyncError) -> None:
        """A peer that did not answer, or whose disk is full, is asked again."""
        work = Flaky(error, error)
        assert await persistence(Sleeper())(work) == "done"
        assert work.calls == 3

    async def test_what_will_not_pass_is_raised_at_once(self) -> None:
        """Asking again does not change a refusal."""
        work = Flaky(Forbidden("no"))
        with pytest.raises(Forbidden):
            await persistence(Sleeper())(work)
        assert work.calls == 1
        assert not is_transient(Forbidden("no"))

    async def test_attempts_end(self) -> None:
        """After the last attempt the error is raised, without another wait."""
        sleep = Sleeper()
        work = Flaky(*[Unavailable("gone")] * 9)
        with pytest.raises(Unavailable):
            await persistence(sleep, attempts=3)(work)
        assert work.calls == 3
        assert len(sleep.waits) == 2

    async def test_without_a_bound_it_never_gives_up(self) -> None:
        """A continuous replication outlasts any outage."""
        work = Flaky(*[Unavailable("gone")] * 500)
        assert await persistence(Sleeper(), attempts=None)(work) == "done"


class TestWatch:
    async def test_no_progress_is_stalled(self) -> None:
        """Work that gets nothing done in time ends with a typed error that says how long it was given."""
        with pytest.raises(Stalled, match=r"0\.01 seconds") as stalled:
            async with persistence(Sleeper(), timeout=0.01).watch():
                await asyncio.Event().wait()
        assert stalled.value.seconds == 0.01

    async def test_progress_moves_the_deadline(self) -> None:
        """As long as something gets done, the whole may take any time."""
        persist = persistence(Sleeper(), timeout=0.05)
        loop = asyncio.get_running_loop()
        end = loop.time() + 0.15
        async with persist.watch():
            while loop.time() < end:
                await asyncio.sleep(0.001)
                persist.progress()

    async def test_idling_is_no_fault(self) -> None:
        """Having nothing to do is not being stuck, even when an answer comes in meanwhile."""
        persist = persistence(Sleeper(), timeout=0.01)
        async with persist.watch():
            with persist.idle():
                persist.progress()
                await asyncio.sleep(0.03)

    async def test_a_timeout_of_the_work_itself_is_not_stalled(self) -> None:
        """Another's TimeoutError keeps its meaning."""
        with pytest.raises(TimeoutError):
            async with persistence(Sleeper(), timeout=10).watch():
                raise TimeoutError
