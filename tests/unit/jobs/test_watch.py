"""What makes no progress is stopped; what makes some is not."""

import anyio
import pytest

from server.jobs.watch import Watch
from sync.replication import Stalled
from tests.protocol.jobs.country import Nowhere

pytestmark = pytest.mark.anyio


async def test_work_without_progress_is_stopped() -> None:
    """It is cancelled where it stands, and called stalled."""
    watch = Watch(Nowhere(), 0.02)
    with pytest.raises(Stalled):
        async with watch.over():
            await anyio.sleep_forever()


async def test_progress_keeps_all_that_is_watched_alive() -> None:
    """Also the whole around a part: progress of the part is progress of the whole."""
    watch = Watch(Nowhere(), 0.5)
    deadlines = []
    async with watch.over(), watch.over():
        deadlines += [one.when() for one in watch._deadlines]
        await anyio.sleep(0.01)
        watch.progress("chapter-tver", "push")
        deadlines += [one.when() for one in watch._deadlines]
    outer, inner, later_outer, later_inner = [when or 0.0 for when in deadlines]
    assert later_outer > outer
    assert later_inner > inner


async def test_somebody_elses_time_limit_is_not_a_stall() -> None:
    """A TimeoutError of the work itself passes through as it is."""
    watch = Watch(Nowhere(), 60)
    with pytest.raises(TimeoutError):
        async with watch.over():
            raise TimeoutError
