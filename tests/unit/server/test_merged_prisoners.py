"""Who is whose double, as the totals know it from the register's feed."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.domain.identifiers import REGISTER
from server.projection import queries
from server.projection.reading import Kept, Seen, keep
from server.projection.sums import Scope
from server.projection.tables import Page, Tables
from sync.documents import Document

pytestmark = pytest.mark.anyio

ANNA, TWIN = (f"prisoner:01KFW000000000000000000P0{number}" for number in (1, 2))
EVENT = "01KFW0000000000000000000EV"
DEVICE = "01KFW0000000000000000000DV"


def kept(database: str, doc_id: str, **body: Any) -> Kept:
    """A document of one revision, as the feed brings it."""
    raw = msgspec.json.encode({"schema": 1, **body})
    return keep(Seen(doc_id, ("1-a",), (Document(id=doc_id, rev="1-a", body=raw),)), database)


def sheet_to(*people: str) -> Kept:
    lines = [{"to": one, "kind": "letter", "added": 1, "removed": 0} for one in people]
    about = {"event": f"event:{EVENT}", "device": DEVICE, "chapter": "moscow"}
    body = {"type": "sheet", **about, "heads": {"added": 1, "removed": 0}, "letters": lines}
    return kept("chapter-moscow", f"sheet:{EVENT}:{DEVICE}", **body)


def person(doc_id: str, merged_into: str | None = None) -> Kept:
    return kept(REGISTER, doc_id, type="prisoner", name={"ru": "Пример"}, status="detained", merged_into=merged_into)


async def test_a_double_that_the_restored_register_does_not_hold_is_somebody_again(tmp_path: Path) -> None:
    """A backup from before an entry was made and merged: letters to it are to whom the sheets say, as a rebuild finds."""
    tables = Tables(tmp_path / "projection.sqlite")
    try:
        tables.apply(Page(tables.restart("chapter-moscow", "one"), "1", [sheet_to(ANNA, TWIN)], last=True))
        tables.apply(Page(tables.restart(REGISTER, "one"), "2", [person(ANNA), person(TWIN, ANNA)], last=True))
        tables.roll_up()
        assert (await tables.read(queries.totals, Scope())).recipients == 1
        tables.apply(Page(tables.restart(REGISTER, "two"), "1", [person(ANNA)], last=True))
        tables.roll_up()
        assert await tables.read(queries.aliases) == {}
        assert (await tables.read(queries.totals, Scope())).recipients == 2
    finally:
        tables.close()
