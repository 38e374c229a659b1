"""The notes of refused documents: bounded, without bodies, gone when the fault is mended."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from server.domain.errors import Forbidden, Invalid
from server.domain.identity import Identity
from server.quarantine import MOST, Quarantine

pytestmark = pytest.mark.anyio
OWL = Identity("01KFW000000000000000000W01", "volunteer", ("moscow",), "Owl")
HERE = "chapter-moscow"
NO = Forbidden("no", "stranger")


@pytest.fixture
def quarantine(tmp_path: Path) -> Iterator[Quarantine]:
    with closing(Quarantine(tmp_path / "refused.sqlite")) as opened:
        yield opened


async def test_a_refusal_is_noted_once_and_counted(quarantine: Quarantine) -> None:
    """A phone that offers the same document again adds to its number, and the latest reason stands."""
    for error in (NO, Invalid("letters[2].added", "second")):
        await quarantine.note(OWL, HERE, {"sheet:x": error, "event:y": None})
    [noted] = await quarantine.entries([HERE])
    assert (noted.document, noted.reason, noted.times, noted.device) == ("sheet:x", "second", 2, OWL.device)
    assert (noted.rule, noted.path) == ("value", "letters[2].added")
    assert await quarantine.entries(["chapter-tver"]) == []


async def test_a_document_that_is_let_in_leaves_the_queue(quarantine: Quarantine, tmp_path: Path) -> None:
    """Also when the server was started again in between; another device's note stays."""
    fox = Identity("01KFW000000000000000000F0X", "volunteer", ("moscow",), "Fox")
    for who in (OWL, fox):
        await quarantine.note(who, HERE, {"event:y": NO})
    with closing(Quarantine(tmp_path / "refused.sqlite")) as again:
        await again.note(OWL, HERE, {"event:y": None})
        assert [one.device for one in await again.entries()] == [fox.device]


async def test_one_device_cannot_fill_the_queue(quarantine: Quarantine) -> None:
    """Beyond MOST entries its older ones go; nobody else's do."""
    await quarantine.note(Identity("01KFW000000000000000000F0X", "volunteer"), HERE, {"event:y": NO})
    await quarantine.note(OWL, HERE, {f"sheet:{number}": NO for number in range(MOST + 50)})
    assert len(await quarantine.entries()) == MOST + 1


async def test_what_is_dropped_is_not_remembered_either(quarantine: Quarantine) -> None:
    """A device that is refused for ever costs no more memory than its MOST entries do."""
    for batch in range(5):
        await quarantine.note(OWL, HERE, {f"sheet:{batch}-{number}": NO for number in range(MOST)})
    noted = {(one.device, one.database, one.document) for one in await quarantine.entries()}
    assert quarantine._noted == noted
    assert len(noted) == MOST


async def test_notes_of_an_older_server_are_kept(tmp_path: Path) -> None:
    """With their words alone; the next refusal of the same document brings the rule."""
    path = tmp_path / "refused.sqlite"
    with closing(Quarantine(path)) as new:
        await new.note(OWL, HERE, {"sheet:x": NO})
    with closing(sqlite3.connect(path)) as file:
        file.execute("ALTER TABLE refused DROP COLUMN rule")
        file.execute("ALTER TABLE refused DROP COLUMN path")
    with closing(Quarantine(path)) as updated:
        [old] = await updated.entries()
        assert (old.reason, old.rule, old.path) == ("no", "", "")
        await updated.note(OWL, HERE, {"sheet:x": NO})
        assert [one.rule for one in await updated.entries()] == ["stranger"]
