"""Short ways to write, for the tests of the contract."""

from sync.databases.contract import START, Database, Outcome
from sync.documents import Document


async def put(database: Database, doc_id: str, body: bytes = b"{}", rev: str = "", *, deleted: bool = False) -> str:
    (outcome,) = await database.write([Document(id=doc_id, rev=rev, body=body, deleted=deleted)])
    if outcome.error is not None:
        raise outcome.error
    return outcome.rev


async def graft(database: Database, doc_id: str, *line: str, body: bytes = b"{}", deleted: bool = False) -> None:
    """Stores a revision as replication does; `line` is its history, newest first: "3-c", "2-b", "1-a"."""
    ancestry = tuple(rev.partition("-")[2] for rev in line)
    document = Document(id=doc_id, rev=line[0], ancestry=ancestry, body=body, deleted=deleted)
    assert await database.write([document], new_edits=False) == [Outcome(doc_id, line[0])]


async def ids_since(database: Database, since: str = START) -> list[str]:
    return [change.id for change in (await database.changes(since)).rows]
