"""A bell between processes that share a folder: who commits rings, everybody else looks. Nobody polls.

    <folder>/.bells/<random>.socket     a unix datagram socket per process, bound while it listens
    datagram                            the name of a database that changed
    <folder>/.bells/<random>.lost       somebody's datagram did not fit in: look at everything

A ring says only "look": what changed is read from the database. It is sent after the commit, so whoever reads after
hearing it sees the change.
"""

import contextlib
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

_LONGEST_ADDRESS = 100  # of a unix socket, less than any system's limit
_log = logging.getLogger(__name__)
_SOCKET, _LOST = ".socket", ".lost"


class Doorbell:
    """This process's bell, and the others' in the folder."""

    def __init__(self, folder: Path, heard: Callable[[str | None], None]) -> None:
        """`heard` is called on the listening thread with a database's name, or None when any may have changed."""
        self._folder = folder / ".bells"
        self._heard = heard
        self._name = secrets.token_hex(8)
        self._lock = threading.Lock()
        self._listening: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._sending = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sending.setblocking(False)
        self._tried = False
        self._closed = False

    def listen(self) -> None:
        """From its return on no ring is missed. Takes one thread for the whole process.

        On a disk that has no sockets this process hears of nothing but its own commits, and says so in the log.
        """
        with self._lock:
            if self._tried or self._closed:
                return
            self._tried = True
            listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            try:
                self._folder.mkdir(mode=0o700, exist_ok=True)
                with self._address(self._name + _SOCKET) as address:
                    listening.bind(address)
            except OSError as error:
                listening.close()
                _log.warning("no doorbell: changes by other processes go unnoticed (%s)", error.strerror)
                return
            self._listening = listening
            self._thread = threading.Thread(target=self._work, args=(self._listening,), name="doorbell", daemon=True)
            self._thread.start()

    def ring(self, name: str) -> None:
        """Tells the other processes that a database changed. Never blocks, never fails."""
        with contextlib.suppress(FileNotFoundError):
            for entry in os.listdir(self._folder):  # noqa: PTH208 - once a commit: half the cost of Path.iterdir
                if entry.endswith(_SOCKET) and entry != self._name + _SOCKET:
                    self._ring(entry, name.encode())

    def _ring(self, entry: str, message: bytes) -> None:
        try:
            with self._address(entry) as address:
                try:
                    self._sending.sendto(message, address)
                except BlockingIOError:
                    # It has not heard the last ones yet. If it does so before the note is there, this second ring fits in.
                    self._folder.joinpath(entry.removesuffix(_SOCKET) + _LOST).touch()
                    with contextlib.suppress(BlockingIOError):
                        self._sending.sendto(message, address)
        except (ConnectionRefusedError, FileNotFoundError):
            self._folder.joinpath(entry).unlink(missing_ok=True)  # of a process that was killed
        except OSError:
            return

    def _work(self, listening: socket.socket) -> None:
        lost = self._folder / (self._name + _LOST)
        while not self._closed:
            message = listening.recv(1024)
            if message:
                self._heard(message.decode(errors="replace"))
            if lost.exists():
                lost.unlink(missing_ok=True)
                self._heard(None)

    @contextlib.contextmanager
    def _address(self, entry: str) -> Iterator[str]:
        path = str(self._folder / entry)
        if len(path.encode()) <= _LONGEST_ADDRESS:
            yield path
            return
        handle = os.open(self._folder, os.O_RDONLY)  # a deep folder: Linux lets us name it by a short path
        try:
            yield f"/proc/self/fd/{handle}/{entry}"
        finally:
            os.close(handle)

    def close(self) -> None:
        """Ends the thread and removes the socket."""
        with self._lock:
            self._closed = True
            if self._listening is not None and self._thread is not None:
                with contextlib.suppress(OSError), self._address(self._name + _SOCKET) as address:
                    self._sending.sendto(b"", address)
                self._thread.join(timeout=5)
                self._listening.close()
                for suffix in (_SOCKET, _LOST):
                    self._folder.joinpath(self._name + suffix).unlink(missing_ok=True)
            self._sending.close()
