"""When the running server starts the nightly job, and what becomes of one that says nothing."""

import asyncio
import datetime as dt
import sys
from pathlib import Path

import anyio
import pytest

from server.jobs import report, schedule
from server.jobs.report import Exit, Night
from server.jobs.schedule import next_start
from server.settings import Settings


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-22T03:29:59", "2026-11-22T03:30:00"),
        ("2026-11-22T03:30:00", "2026-11-23T03:30:00"),
        ("2026-12-31T12:00:00", "2027-01-01T03:30:00"),
    ],
)
def test_the_next_start_is_the_next_time_the_clock_shows_it(now: str, expected: str) -> None:
    """Strictly after now, so that a job that took no time is not started twice."""
    assert next_start(dt.datetime.fromisoformat(now), dt.time(3, 30)) == dt.datetime.fromisoformat(expected)


@pytest.mark.anyio
async def test_a_job_that_says_nothing_is_killed_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that hangs where it can't stop itself is ended from outside, and the report says so."""
    settings = Settings(data=tmp_path, patience=dt.timedelta(milliseconds=1))
    report.write(tmp_path, Night(began=dt.datetime.now(dt.UTC)))
    start = asyncio.create_subprocess_exec

    async def hang(*_: str, **options: int) -> asyncio.subprocess.Process:
        return await start(sys.executable, "-c", "import time; time.sleep(600)", **options)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", hang)
    monkeypatch.setattr(schedule, "_GRACE_SECONDS", 0.3)
    assert await schedule.run_once(settings) == Exit.STALLED
    night = report.latest(tmp_path)
    assert night is not None
    assert night.exit == Exit.STALLED
    assert "killed" in night.problem


_ORDERLY = """
import pathlib, signal, sys
def end(*_):
    pathlib.Path(sys.argv[1]).touch()
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("at work", flush=True)
while True:
    signal.pause()
"""


@pytest.mark.anyio
async def test_a_server_that_stops_lets_its_job_end_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not leave before the job has: that would go on beside whatever is started next."""
    start, ended = asyncio.create_subprocess_exec, tmp_path / "ended"
    jobs: list[asyncio.subprocess.Process] = []

    async def work(*_: str, **options: int) -> asyncio.subprocess.Process:
        job = await start(sys.executable, "-c", _ORDERLY, str(ended), **options)  # type: ignore[arg-type]
        assert job.stdout is not None
        assert await job.stdout.readline() == b"at work\n"
        jobs.append(job)
        at_work.set()
        return job

    monkeypatch.setattr(asyncio, "create_subprocess_exec", work)
    at_work = anyio.Event()
    async with anyio.create_task_group() as server:
        server.start_soon(schedule.run_once, Settings(data=tmp_path))
        await at_work.wait()
        server.cancel_scope.cancel()
    assert [job.returncode for job in jobs] == [0]
    assert ended.exists()
