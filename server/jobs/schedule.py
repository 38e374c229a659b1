"""The nightly job, started by the running server at `OTKRYTKA_NIGHTLY`: a process of its own, watched from outside.

Several servers of one data folder may all start it; the lock lets one through.
"""

import asyncio
import contextlib
import datetime as dt
import logging
import subprocess
import sys

import anyio

from server.jobs import report
from server.jobs.report import Exit
from server.settings import Settings

_LONGEST_SLEEP = 60.0  # a clock may be set, and a machine may sleep
_GRACE_SECONDS = 10.0

logger = logging.getLogger(__name__)


def next_start(now: dt.datetime, at: dt.time) -> dt.datetime:
    """When a wall clock that shows `now` next shows `at`; both without a zone, as clocks on walls are."""
    start = dt.datetime.combine(now.date(), at)
    return start if start > now else start + dt.timedelta(days=1)


async def every_night(settings: Settings) -> None:
    """Starts the job each night until cancelled; then a job at work is ended too, and goes on the next time."""
    if settings.nightly is None:
        return
    while True:
        # The machine's zone says what the wall clock's time is, summer time included.
        await _sleep_until(next_start(_wall_clock(), settings.nightly).astimezone())
        try:
            await run_once(settings)
        except OSError as error:  # no memory for another process, say: the next night may be better
            logger.warning("the nightly job could not be started: %s", error.strerror)


async def run_once(settings: Settings) -> int:
    """Runs one job to its end and answers its exit code. One that says nothing for far too long is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "nightly", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    try:
        await _follow(process, 2 * settings.patience.total_seconds() + _GRACE_SECONDS)
        code = await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
        _note_killed(settings)
        code = Exit.STALLED
    finally:
        await _end(process)
    logger.log(logging.INFO if code == Exit.WELL else logging.WARNING, "the nightly job ended with exit code %d", code)
    return code


async def _follow(process: asyncio.subprocess.Process, patience: float) -> None:
    """Passes the job's lines on. Raises TimeoutError when none comes for too long."""
    assert process.stdout is not None  # noqa: S101 - it is a pipe, as asked above
    while True:
        async with asyncio.timeout(patience):
            line = await process.stdout.readline()
        if not line:
            return
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ends a job that is still at work, in order if it does so in time; also when the server is being stopped itself."""
    if process.returncode is not None:
        return
    with anyio.CancelScope(shield=True):
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with anyio.move_on_after(_GRACE_SECONDS):
            await process.wait()
            return
        process.kill()
        await process.wait()


def _note_killed(settings: Settings) -> None:
    night = report.latest(settings.data)
    if night is not None and night.ended is None:
        night.ended, night.exit = dt.datetime.now(dt.UTC), Exit.STALLED
        night.problem = "stalled: the job said nothing for too long and was killed"
        report.write(settings.data, night)


async def _sleep_until(moment: dt.datetime) -> None:
    while (left := (moment - dt.datetime.now(dt.UTC)).total_seconds()) > 0:  # noqa: ASYNC110 - a clock rings no event
        await asyncio.sleep(min(left, _LONGEST_SLEEP))


def _wall_clock() -> dt.datetime:
    return dt.datetime.now().astimezone().replace(tzinfo=None)
