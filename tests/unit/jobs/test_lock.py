"""Locks between the processes of one data folder."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from server.jobs import lock
from server.jobs.lock import IN_USE, NIGHTLY, LockHeld

HOLDER = """
import sys, pathlib
from server.jobs import lock
with lock.held(pathlib.Path(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_only_one_nightly_job_runs(tmp_path: Path) -> None:
    """The second is told so, and by name of the folder."""
    with lock.held(tmp_path, NIGHTLY), pytest.raises(LockHeld, match=str(tmp_path)), lock.held(tmp_path, NIGHTLY):
        pass
    with lock.held(tmp_path, NIGHTLY):
        pass


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    """The kernel lets go of what a process held when it was killed."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path), NIGHTLY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LockHeld), lock.held(tmp_path, NIGHTLY):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with lock.held(tmp_path, NIGHTLY):
        pass


def test_a_restore_waits_for_nobody_and_nobody_for_it(tmp_path: Path) -> None:
    """Servers and nightly jobs share the folder; a restore has it alone or not at all."""
    with (
        lock.held(tmp_path, IN_USE, shared=True),
        lock.held(tmp_path, IN_USE, shared=True),
        pytest.raises(LockHeld, match="stop it first"),
        lock.held(tmp_path, IN_USE),
    ):
        pass
    with lock.held(tmp_path, IN_USE), pytest.raises(LockHeld), lock.held(tmp_path, IN_USE, shared=True):
        pass
