"""Copying a part: by ids or by selector."""

import pytest

from sync.databases.contract import Database
from sync.documents import Document
from sync.errors import BadRequest
from sync.replication import Options, replicate

pytestmark = pytest.mark.anyio


async def fill(database: Database, count: int = 30) -> None:
    await database.write(
        [
            Document(id=f"d{n:02}", body=b'{"n":%d,"even":%s}' % (n, b"true" if n % 2 == 0 else b"false"))
            for n in range(count)
        ]
    )


async def ids(database: Database) -> list[str]:
    return sorted(row.id for row in (await database.changes()).rows)


async def test_by_ids(pair: tuple[Database, Database]) -> None:
    """Only the named documents are copied, also when they change later; others never are."""
    source, target = pair
    await fill(source)
    options = Options(doc_ids=("d03", "d07", "none"), batch_documents=1)
    assert (await replicate(source, target, options)).docs_written == 2
    await source.write([Document(id="none"), Document(id="d99")])
    assert (await replicate(source, target, options)).docs_written == 1
    assert await ids(target) == ["d03", "d07", "none"]
    assert (await replicate(source, target, options)).missing_checked == 0


async def test_by_selector(pair: tuple[Database, Database]) -> None:
    """Only documents whose winner matches are copied, however far apart in the feed they stand."""
    source, target = pair
    await fill(source)
    options = Options(selector={"even": True, "n": {"$gte": 20}}, batch_documents=4)
    assert (await replicate(source, target, options)).docs_written == 5
    assert await ids(target) == ["d20", "d22", "d24", "d26", "d28"]
    assert (await replicate(source, target, options)).missing_checked == 0


async def test_parts_don_t_stand_in_for_the_whole(pair: tuple[Database, Database]) -> None:
    """What a narrower replication noted does not keep a wider one from copying the rest."""
    source, target = pair
    await fill(source)
    await replicate(source, target, Options(doc_ids=("d03",)))
    await replicate(source, target, Options(selector={"even": True}))
    await replicate(source, target)
    assert await ids(target) == await ids(source)


async def test_a_selector_without_sense(pair: tuple[Database, Database]) -> None:
    """It is refused before anything is copied."""
    with pytest.raises(BadRequest):
        await replicate(*pair, Options(selector={"n": {"$nonsense": 1}}))
