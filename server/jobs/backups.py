"""Backups: sets of sealed files, taken while the databases are in use, checked by restoring them, rotated.

    backups/2026-01-30T003000.123456Z/manifest.json      what is in it: names, sizes, SHA-256, digests over all leaf revisions
                               register.sqlite.gz[.age]  one file for each database
                               secret.gz.age             keys of the server: only where the backup is encrypted
    backups/.mirror/           where CouchDB holds the databases: copies of them, kept from night to night by replication

A set has its name only when it is whole. While it is made and checked, plain copies lie in `backups/.unfinished-…`, which only
the server's user may read.
"""

import datetime as dt
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import anyio.to_thread
import msgspec

from server.domain.identifiers import is_free
from server.files import write_whole
from server.jobs.report import BackupNight
from server.jobs.rotation import Keep, kept
from server.jobs.sealing import fingerprint, seal, unseal
from server.jobs.watch import Watch
from server.settings import Settings
from server.stores import open_or_create
from sync.backups import backup, restore
from sync.checks import check
from sync.databases.contract import Catalog, Database
from sync.databases.sqlite import SqliteCatalog, SqliteDatabase
from sync.databases.sqlite.files import file_name
from sync.disk import fsync
from sync.errors import Corrupt
from sync.replication import Options, Report, replicate

MANIFEST = "manifest.json"
SERVER_FILES = ("secret", "upstream.json")
_NAME = "%Y-%m-%dT%H%M%S.%fZ"
_UNFINISHED = ".unfinished-"
_MIRROR = ".mirror"

T = TypeVar("T")


class Kept(msgspec.Struct, frozen=True):
    """One database in a set. `digest` is the root over its leaf revisions, `sha256` that of the sealed file."""

    database: str
    file: str
    bytes: int
    sha256: str
    documents: int
    digest: str


class Manifest(msgspec.Struct, frozen=True):
    """What a set holds. `server` are files of the data folder that belong to the server itself."""

    version: int
    made: dt.datetime
    encrypted: bool
    databases: tuple[Kept, ...]
    server: tuple[str, ...] = ()


class Backups:
    """The backups of one server."""

    def __init__(self, settings: Settings, catalog: Catalog, watch: Watch) -> None:
        self._settings = settings
        self._folder = settings.backups
        self._key = settings.backups_key
        self._catalog = catalog
        self._watch = watch

    async def make(self, row: BackupNight) -> Path:
        """Makes a set, checks it, and removes those past their time; what it was like is noted in `row`.

        Raises Corrupt when the copy is not whole (then nothing older is removed), and what reading a database raises.
        """
        row.encrypted = self._key is not None
        made = dt.datetime.now(dt.UTC)
        self._sweep()
        unfinished = self._folder / f"{_UNFINISHED}{made:{_NAME}}"
        sealed = unfinished / "set"
        sealed.mkdir(mode=0o700, parents=True)
        try:
            names = [name for name in await self._catalog.names() if not is_free(name)]
            kept_files = [await self._database(name, unfinished, sealed) for name in names]
            server = await self._server_files(sealed) if row.encrypted else ()
            manifest = Manifest(1, made, row.encrypted, tuple(kept_files), server)
            write_whole(sealed / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2))
            target = self._folder / f"{made:{_NAME}}"
            sealed.rename(target)
            fsync(self._folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        row.name, row.databases, row.whole = target.name, len(kept_files), True
        row.bytes = sum(path.stat().st_size for path in target.iterdir())
        row.kept = self._rotate()
        return target

    async def _database(self, name: str, unfinished: Path, sealed: Path) -> Kept:
        """Copies, seals, and proves a database: what came back is whole, and is what the live one was if that stood still."""
        live = await self._catalog.open(name)
        before = await live.info()
        copy = unfinished / f"{quote(name, safe='')}.sqlite"
        self._watch.progress(name, "back up")
        await _in_thread(partial(backup, await self._file_of(live), copy))
        file = await _in_thread(partial(seal, copy, sealed, self._key))
        self._watch.progress(name, "check the backup")
        if self._key is None:  # what was sealed to a key can't be opened here again, and its copy must do
            copy.unlink()
            await _in_thread(partial(unseal, file, copy, []))
        digest, documents = await prove(copy, unfinished / "restored", name)
        if (await live.info()).update_seq == before.update_seq and (await live.digest())[0].hash != digest:
            raise Corrupt(f"the backup of {name} does not hold what the database holds")
        copy.unlink()
        shutil.rmtree(unfinished / "restored")
        return Kept(
            name, file.name, file.stat().st_size, await _in_thread(partial(fingerprint, file)), documents, digest
        )

    async def _file_of(self, live: Database) -> Path:
        if isinstance(live, SqliteDatabase):
            return live.path
        return await self._mirrored(live)

    async def _mirrored(self, live: Database) -> Path:
        """A copy in a file of a database that lives in CouchDB; the next night only what changed is copied."""
        folder = self._folder / _MIRROR
        mirror = SqliteCatalog(folder)

        async def seen(report: Report) -> None:
            self._watch.of_replication(live.name, "copy from CouchDB", report)

        try:
            await replicate(live, await open_or_create(mirror, live.name), Options(), on_progress=seen)
        finally:
            await mirror.close()
        return folder / file_name(live.name)

    async def _server_files(self, sealed: Path) -> tuple[str, ...]:
        present = [self._settings.data / name for name in SERVER_FILES if (self._settings.data / name).exists()]
        for path in present:
            await _in_thread(partial(seal, path, sealed, self._key))
        return tuple(path.name for path in present)

    def _sweep(self) -> None:
        """Removes what a job that was killed left behind."""
        for left in self._folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)

    def _rotate(self) -> int:
        """Removes the sets past their time; answers how many stay."""
        sets = {moment: path for path in self._folder.iterdir() if (moment := moment_of(path)) is not None}
        stay = kept(sets, Keep(*self._settings.backups_keep))
        for moment, path in sets.items():
            if moment not in stay:
                shutil.rmtree(path)
        return len(stay)


async def prove(copy: Path, folder: Path, name: str) -> tuple[str, int]:
    """Restores a plain copy into `folder`; its digest and number of documents. Raises Corrupt unless it is whole."""
    catalog = SqliteCatalog(folder)
    await _in_thread(partial(restore, copy, folder, name))
    findings = await _in_thread(partial(check, folder / file_name(name)))
    if findings:
        raise Corrupt(f"the backup of {name} is not whole: {findings[0].message}")
    try:
        restored = await catalog.open(name)
        (root, *_), info = await restored.digest(), await restored.info()
    finally:
        await catalog.close()
    return root.hash, info.doc_count


def sets_in(folder: Path) -> list[Path]:
    """The backups in a folder, the latest first."""
    return sorted((path for path in folder.glob("*") if moment_of(path) is not None), reverse=True)


def moment_of(path: Path) -> dt.datetime | None:
    """When the backup of this name was made; None for a name that is no backup's."""
    try:
        return dt.datetime.strptime(path.name, _NAME).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def manifest_of(path: Path) -> Manifest:
    """What a set says of itself. Raises Corrupt when it says nothing that can be understood."""
    try:
        return msgspec.json.decode((path / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise Corrupt(f"{path} is no backup: there is no {MANIFEST} in it") from None
    except msgspec.DecodeError:
        raise Corrupt(f"{path / MANIFEST} is damaged, or of another version") from None


async def _in_thread(work: Callable[[], T]) -> T:
    """Blocking work that may be given up: a thread that hangs on a dead disk must not hold the job."""
    return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
