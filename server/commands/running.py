"""What commands share: settings from the environment, an event loop, and failures as one sentence with an exit code."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, NoReturn, TypeVar

from server.settings import Settings, WrongSetting, read
from server.stores import open_catalog
from sync.databases.contract import Catalog
from sync.errors import SyncError

T = TypeVar("T")

FAILED = 1
WRONG_SETTING = 2


def fail(sentence: str, code: int = FAILED) -> NoReturn:
    """Ends the command: one sentence on the error stream, and an exit code."""
    print(f"otkrytka: {sentence}", file=sys.stderr)  # noqa: T201 the command line's answer
    raise SystemExit(code)


def say(line: str = "") -> None:
    """One line of a command's answer."""
    print(line)  # noqa: T201 the command line's answer


def settings() -> Settings:
    """The settings of this process; a wrong one ends it."""
    try:
        return read(os.environ)
    except WrongSetting as error:
        fail(str(error), WRONG_SETTING)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs a command's work; what the store refuses ends it with the reason."""
    try:
        return asyncio.run(work)
    except SyncError as error:
        fail(f"{error.error}: {error.reason}")
    except OSError as error:
        fail(f"{error.strerror or error}: {error.filename or 'a file of the data folder'}")


@asynccontextmanager
async def catalog(chosen: Settings) -> AsyncIterator[Catalog]:
    """The databases, open while the work lasts."""
    opened = open_catalog(chosen)
    try:
        yield opened
    finally:
        await opened.close()
