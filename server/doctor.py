"""Plain checks of what a server needs, in words an operator can act on."""

import os
import shutil
import stat

import msgspec

from server.auth.keys import signing_secret
from server.chapters import chapter_slugs
from server.phone import PhoneApp
from server.projection.follower import Follower
from server.projection.tables import Tables
from server.settings import Settings
from server.stores import open_catalog
from sync.databases.contract import Catalog
from sync.errors import SyncError

_LITTLE = 200 * 1024 * 1024


class Finding(msgspec.Struct, frozen=True):
    """What was looked at, whether it is well, and what there is to say."""

    subject: str
    good: bool
    text: str


async def examine(settings: Settings) -> list[Finding]:
    """Looks at everything and changes nothing but what a first start would make."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    catalog = open_catalog(settings)
    try:
        store = await _store(catalog)
        totals = [await _totals(catalog, settings)] if store.good else []
    finally:
        await catalog.close()
    return [_folder(settings), _secret(settings), store, *totals, _phone()]


def _folder(settings: Settings) -> Finding:
    if not os.access(settings.data, os.W_OK | os.X_OK):
        return Finding("data folder", good=False, text=f"{settings.data} can't be written by this user.")
    free = shutil.disk_usage(settings.data).free
    return Finding("data folder", good=free > _LITTLE, text=f"{settings.data}, {free // 1024**2} MB free.")


def _secret(settings: Settings) -> Finding:
    if settings.secret is not None:
        return Finding("secret", good=True, text="from OTKRYTKA_SECRET.")
    signing_secret(settings)
    mode = stat.S_IMODE((settings.data / "secret").stat().st_mode)
    good = not mode & 0o077
    return Finding(
        "secret", good, "in the data folder." if good else f"others may read it: chmod 600 {settings.data}/secret"
    )


async def _store(catalog: Catalog) -> Finding:
    try:
        names = await catalog.names()
        for name in names:
            await (await catalog.open(name)).info()
    except SyncError as error:
        return Finding("databases", good=False, text=error.reason)
    chapters = await chapter_slugs(catalog)
    if not chapters:
        return Finding("databases", good=True, text="no chapters yet; `otkrytka chapter add` makes one.")
    return Finding("databases", good=True, text=f"{len(names)}, chapters: {', '.join(chapters)}.")


async def _totals(catalog: Catalog, settings: Settings) -> Finding:
    tables = Tables(settings.projection)
    try:
        behind = sum(abs(lag) for lag in (await Follower(catalog, tables).behind()).values())
    finally:
        tables.close()
    text = "up to date." if not behind else f"{behind} changes behind; a running server takes them in by itself."
    return Finding("totals", good=True, text=text)


def _phone() -> Finding:
    built = PhoneApp().built
    return Finding("phone app", built, "built." if built else "not built; run scripts/install.")
