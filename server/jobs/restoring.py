"""The way back from a backup.

    unseal ─► restore beside ─► check, compare with the manifest ─► (the operator agrees) ─► put in place

Nothing is touched before everything has been read and found whole. What was there is moved aside, not deleted. Each restored
database has a new epoch, so phones and hubs offer it everything again, and what the backup lacks comes back by itself.
"""

import datetime as dt
import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio.to_thread
from pyrage import x25519

from server.domain.identifiers import DEVICES
from server.files import write_whole
from server.jobs.backups import Kept, Manifest, manifest_of, prove
from server.jobs.sealing import ENCRYPTED, fingerprint, unseal
from server.settings import Settings
from server.stores import open_catalog, open_or_create
from sync.databases.contract import Catalog
from sync.databases.sqlite import SqliteCatalog
from sync.databases.sqlite.files import file_name, with_journals
from sync.disk import fsync
from sync.errors import AlreadyExists, Corrupt, NotFound, SyncError
from sync.replication import agree, replicate


class Staged:
    """A backup that was read and found whole, beside the databases. `manifest` has only what is to be restored."""

    def __init__(self, settings: Settings, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self._settings = settings
        self._folder = folder

    async def documents_here(self) -> dict[str, int | None]:
        """How many documents each of the databases has at present; None where there is none, or it can't be read."""
        async with _opened(open_catalog(self._settings)) as catalog:
            return {kept.database: await _documents(catalog, kept.database) for kept in self.manifest.databases}

    async def put_in_place(self) -> Path | None:
        """Does it; answers the folder where what was there before now is, if anything was.

        No server may run on the data folder. Where the databases live in CouchDB they must be missing or empty there: raises
        AlreadyExists otherwise.
        """
        if self._settings.couchdb is not None:
            await self._into_couchdb()
            return None
        aside = self._settings.data / f"replaced-{dt.datetime.now(dt.UTC):%Y-%m-%dT%H%M%SZ}"
        for kept in self.manifest.databases:
            self._into_folder(kept.database, aside)
        await self._keep_devices_known(aside)
        self._server_files()
        return aside if aside.exists() else None

    def _into_folder(self, name: str, aside: Path) -> None:
        live = self._settings.databases / file_name(name)
        for path in with_journals(live):
            if path.exists():
                aside.mkdir(mode=0o700, exist_ok=True)
                path.rename(aside / path.name)
        live.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in with_journals(self._folder / file_name(name)):
            if path.exists():
                path.rename(live.with_name(path.name))
        fsync(live.parent)

    async def _keep_devices_known(self, aside: Path) -> None:
        """Brings back what happened to devices since the backup: who was revoked stays revoked, a used invite stays used."""
        if not (aside / file_name(DEVICES)).exists():
            return
        async with _opened(SqliteCatalog(aside)) as before, _opened(open_catalog(self._settings)) as now:
            try:
                await replicate(await before.open(DEVICES), await now.open(DEVICES))
            except (Corrupt, NotFound):
                return  # it was damaged: that is why there is a restore

    async def _into_couchdb(self) -> None:
        async with _opened(SqliteCatalog(self._folder)) as staged, _opened(open_catalog(self._settings)) as live:
            for kept in self.manifest.databases:
                if await _documents(live, kept.database):
                    raise AlreadyExists(f"{kept.database} in CouchDB is not empty; delete it there, then restore again")
            for kept in self.manifest.databases:
                source, target = await staged.open(kept.database), await open_or_create(live, kept.database)
                await replicate(source, target)
                if not await agree(source, target):
                    raise Corrupt(f"{kept.database} in CouchDB is not what the backup holds")

    def _server_files(self) -> None:
        for name in self.manifest.server:
            if not (self._settings.data / name).exists():  # this server's own keys are never replaced
                write_whole(self._settings.data / name, (self._folder / f"server-{name}").read_bytes())


@asynccontextmanager
async def staged(
    settings: Settings, backup: Path, only: Sequence[str], identities: list[x25519.Identity]
) -> AsyncIterator[Staged]:
    """Reads a backup (only the named databases, if any are named) and proves it whole.

    Raises Corrupt, CannotUnseal, and NotFound for a database that is not in it.
    """
    manifest = _chosen(manifest_of(backup), only)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = settings.data / f".restoring-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        for kept in manifest.databases:
            await _stage(kept, backup, folder, identities)
        for name in manifest.server:
            unseal(backup / f"{name}.gz{ENCRYPTED}", folder / f"server-{name}", identities)
        yield Staged(settings, folder, manifest)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _chosen(manifest: Manifest, only: Sequence[str]) -> Manifest:
    held = {kept.database: kept for kept in manifest.databases}
    for name in only:
        if name not in held:
            raise NotFound(f"there is no {name} in this backup; it holds {', '.join(held)}")
    return manifest if not only else Manifest(1, manifest.made, manifest.encrypted, tuple(held[name] for name in only))


async def _stage(kept: Kept, backup: Path, folder: Path, identities: list[x25519.Identity]) -> None:
    sealed = backup / kept.file
    if (
        sealed.parent != backup
        or not sealed.exists()
        or await anyio.to_thread.run_sync(fingerprint, sealed) != kept.sha256
    ):
        raise Corrupt(f"{sealed} is missing or not the file that was made")
    copy = folder / "copy"
    await anyio.to_thread.run_sync(partial(unseal, sealed, copy, identities))
    digest, _ = await prove(copy, folder, kept.database)
    copy.unlink()
    if digest != kept.digest:
        raise Corrupt(f"{sealed} does not hold what was noted when it was made")


@asynccontextmanager
async def _opened(catalog: Catalog) -> AsyncIterator[Catalog]:
    try:
        yield catalog
    finally:
        await catalog.close()


async def _documents(catalog: Catalog, name: str) -> int | None:
    try:
        info = await (await catalog.open(name)).info()
    except SyncError:
        return None
    return info.doc_count + info.doc_del_count
