"""Backups and the way back."""

import json
from pathlib import Path

import anyio
import pytest
from pyrage import x25519

from server.jobs.backups import Backups, manifest_of, moment_of, sets_in
from server.jobs.report import BackupNight
from server.jobs.restoring import staged
from server.jobs.sealing import CannotUnseal
from server.jobs.watch import Watch
from server.settings import Settings
from server.stores import open_catalog, open_or_create
from sync.databases.contract import Catalog
from sync.errors import Corrupt, NotFound
from tests.protocol.jobs.country import TVER, Nowhere, event, write

pytestmark = pytest.mark.anyio


async def make(settings: Settings, catalog: Catalog) -> Path:
    return await Backups(settings, catalog, Watch(Nowhere(), 60)).make(BackupNight())


async def put_back(
    settings: Settings, backup: Path, *identities: x25519.Identity, only: tuple[str, ...] = ()
) -> Path | None:
    async with staged(settings, backup, only, list(identities)) as ready:
        return await ready.put_in_place()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_what_was_backed_up_comes_back_under_a_new_epoch(tmp_path: Path) -> None:
    """Later documents are gone from it, earlier ones are back, and no sequence of before means anything."""
    settings = Settings(data=tmp_path)
    catalog = open_catalog(settings)
    database = await open_or_create(catalog, TVER)
    early = await write(database, event(), event())
    epoch = (await database.info()).epoch
    backup = await make(settings, catalog)
    late = await write(database, event())
    await catalog.close()
    aside = await put_back(settings, backup)
    assert aside is not None
    catalog = open_catalog(settings)
    database = await catalog.open(TVER)
    rows = (await database.all_docs([*early, *late])).rows
    assert [bool(row.rev) for row in rows] == [True, True, False]
    assert (await database.info()).epoch != epoch
    await catalog.close()
    assert sorted(path.name for path in aside.iterdir()) == ["chapter-tver.sqlite"]


async def test_a_backup_is_taken_while_writes_go_on(tmp_path: Path) -> None:
    """It holds one moment: everything acknowledged before it began, and nothing by halves."""
    settings = Settings(data=tmp_path)
    catalog = open_catalog(settings)
    database = await open_or_create(catalog, TVER)
    before = await write(database, *(event() for _ in range(50)))
    stop = anyio.Event()

    async def keep_writing() -> None:
        while not stop.is_set():
            await write(database, event())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keep_writing)
        backup = await make(settings, catalog)
        stop.set()
    [kept] = manifest_of(backup).databases
    written = (await database.info()).doc_count
    assert 50 <= kept.documents <= written
    async with staged(settings, backup, [], []) as ready:
        assert await ready.documents_here() == {TVER: written}
    assert len(before) == 50
    await catalog.close()


async def test_a_stolen_backup_needs_the_private_key(tmp_path: Path) -> None:
    """With a public key every file but the list is encrypted; the server's own keys are among them, and come back too."""
    owner = x25519.Identity.generate()
    settings = Settings(data=tmp_path / "old", backups_folder=tmp_path / "away", backups_key=str(owner.to_public()))
    catalog = open_catalog(settings)
    (settings.data / "secret").write_text("the server's secret, thirty-two letters")
    [written] = await write(await open_or_create(catalog, TVER), event(title="Вечер, о котором никому"))
    backup = await make(settings, catalog)
    await catalog.close()
    assert sorted(path.name for path in backup.iterdir()) == [
        "chapter-tver.sqlite.gz.age",
        "manifest.json",
        "secret.gz.age",
    ]
    new = Settings(data=tmp_path / "new")
    with pytest.raises(CannotUnseal):
        await put_back(new, backup)
    assert not (new.data / "databases").exists()
    await put_back(new, backup, owner)
    assert (new.data / "secret").read_text() == "the server's secret, thirty-two letters"
    assert (new.data / "secret").stat().st_mode & 0o077 == 0
    catalog = open_catalog(new)
    assert (await (await catalog.open(TVER)).get(written)).body
    await catalog.close()


async def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    """It is found before anything is touched, and named."""
    settings = Settings(data=tmp_path)
    catalog = open_catalog(settings)
    await write(await open_or_create(catalog, TVER), event())
    await write(await open_or_create(catalog, "register"), event())
    backup = await make(settings, catalog)
    await catalog.close()
    sealed = backup / "register.sqlite.gz"
    content = bytearray(sealed.read_bytes())
    content[-20] ^= 1
    sealed.write_bytes(content)
    inodes = {path.name: path.stat().st_ino for path in settings.databases.glob("*.sqlite")}
    with pytest.raises(Corrupt, match="register"):
        await put_back(settings, backup)
    assert {path.name: path.stat().st_ino for path in settings.databases.glob("*.sqlite")} == inodes
    assert not [name for name in names_in(tmp_path) if name.startswith(".restoring-")]
    await put_back(settings, backup, only=(TVER,))


async def test_only_what_is_asked_for_is_restored(tmp_path: Path) -> None:
    """And asking for what is not in it is refused."""
    settings = Settings(data=tmp_path)
    catalog = open_catalog(settings)
    await write(await open_or_create(catalog, TVER), event())
    register = await open_or_create(catalog, "register")
    backup = await make(settings, catalog)
    [later] = await write(register, event())
    await catalog.close()
    with pytest.raises(NotFound, match="chapter-omsk"):
        await put_back(settings, backup, only=("chapter-omsk",))
    await put_back(settings, backup, only=(TVER,))
    catalog = open_catalog(settings)
    assert (await (await catalog.open("register")).get(later)).rev
    await catalog.close()


async def test_a_manifest_names_no_file_outside_the_backup(tmp_path: Path) -> None:
    """A backup from elsewhere can't make a restore read other files."""
    settings = Settings(data=tmp_path)
    catalog = open_catalog(settings)
    await write(await open_or_create(catalog, TVER), event())
    backup = await make(settings, catalog)
    await catalog.close()
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["databases"][0]["file"] = "../" + backup.name + "/" + manifest["databases"][0]["file"]
    (backup / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Corrupt):
        await put_back(settings, backup)


async def test_revocations_since_the_backup_stay(tmp_path: Path) -> None:
    """A seized phone that was revoked after the backup is not let in again by it."""
    settings = Settings(data=tmp_path)
    catalog = open_catalog(settings)
    devices = await open_or_create(catalog, "devices")
    backup = await make(settings, catalog)
    [revocation] = await write(devices, event())
    await catalog.close()
    await put_back(settings, backup)
    catalog = open_catalog(settings)
    assert (await (await catalog.open("devices")).get(revocation)).rev
    await catalog.close()


async def test_rotation_removes_what_is_past_its_time_and_what_was_cut_short(tmp_path: Path) -> None:
    """Leftovers of a killed job go; folders that are no backups stay."""
    settings = Settings(data=tmp_path, backups_keep=(2, 0, 0))
    catalog = open_catalog(settings)
    await write(await open_or_create(catalog, TVER), event())
    for name in (
        "2026-01-01T000000.000000Z",
        "2026-01-02T000000.000000Z",
        ".unfinished-2026-01-03T000000.000000Z",
        "mine",
    ):
        (settings.backups / name).mkdir(parents=True)
    made = await make(settings, catalog)
    await catalog.close()
    assert names_in(settings.backups) == sorted(["2026-01-02T000000.000000Z", made.name, "mine"])
    assert sets_in(settings.backups)[0] == made
    assert moment_of(settings.backups / "mine") is None
