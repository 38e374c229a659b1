"""The engine by itself: a folder of databases behind the HTTP API, for everybody who can reach the address."""

import asyncio
import contextlib
import resource
import secrets
from pathlib import Path

import uvicorn

from sync.databases.sqlite import SqliteCatalog
from sync.protocol.application import application
from sync.protocol.settings import Settings

_UUID_FILE = "server-uuid"
# A feed may wait for hours; a server that stops does not wait for it.
_GRACE_SECONDS = 3


def allow_open_files() -> None:
    """As many open files as the system lets this process ask for: a database takes five or more, a phone that waits takes one.

    At first it gives 1,024, for the sake of programs that use `select()`: a hundred databases and some hundred phones.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # some systems name no bound, and refuse that
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def serve(folder: Path, host: str = "127.0.0.1", port: int = 5984, settings: Settings | None = None) -> None:
    """Serves until it is told to stop (SIGINT, SIGTERM). There are no accounts: keep it on loopback.

    The event loop is the caller's, and should be uvloop: when no file can be opened any more, asyncio's own writes thousands of
    lines a second into the log.
    """
    allow_open_files()
    uuid = await asyncio.to_thread(server_uuid, folder)
    catalog = SqliteCatalog(folder)
    try:
        app = application(catalog, settings=settings or Settings(uuid=uuid))
        await uvicorn.Server(configuration(app, host, port)).serve()
    finally:
        await catalog.close()


def configuration(app: object, host: str, port: int) -> uvicorn.Config:
    """How uvicorn runs the API: the fast parser and loop, no access log (it would write addresses), no lifespan."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        headers=[("Server", "Otkrytka")],
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


def server_uuid(folder: Path) -> str:
    """The server's own id, made once and kept in its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _UUID_FILE
    if not path.exists():
        path.write_text(secrets.token_hex(16))
    return path.read_text().strip()
