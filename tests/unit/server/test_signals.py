"""News about totals: nobody misses any, nobody is woken for what it knows."""

import anyio
import pytest

from server.projection.signals import Signals

pytestmark = pytest.mark.anyio


async def test_who_was_busy_hears_of_everything_since() -> None:
    """Several changes between two waits arrive together."""
    signals = Signals()
    mark = signals.mark
    signals.changed("moscow")
    signals.changed("tver")
    after, chapters = await signals.wait(mark)
    assert chapters == {"moscow", "tver"}
    signals.changed("moscow")
    assert (await signals.wait(after))[1] == {"moscow"}


async def test_who_waits_is_woken() -> None:
    """A waiter goes on when something changes, and not before."""
    signals = Signals()
    heard: list[frozenset[str]] = []
    waiting = anyio.Event()

    async def wait() -> None:
        waiting.set()
        heard.append((await signals.wait(signals.mark))[1])

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait)
        await waiting.wait()
        await anyio.lowlevel.checkpoint()
        assert heard == []
        signals.changed("moscow")
    assert heard == [{"moscow"}]


@pytest.mark.parametrize("mark", ["", "nonsense", "999-00000000"])
async def test_a_mark_of_another_run_is_answered_at_once(mark: str) -> None:
    """After a restart nobody knows what changed meanwhile."""
    signals = Signals()
    with anyio.fail_after(5):
        assert await signals.wait(mark) == (signals.mark, frozenset())


async def test_stopping_wakes_everybody() -> None:
    """So that open pages do not hold up the end of the server."""
    signals = Signals()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(signals.wait, signals.mark)
        await anyio.lowlevel.checkpoint()
        signals.stop()
    assert signals.stopped
