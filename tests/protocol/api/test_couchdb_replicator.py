"""Apache CouchDB's own replicator takes us for one of its kind: it pushes to us and pulls from us."""

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from sync.databases.contract import Database
from sync.databases.memory import MemoryCatalog
from sync.documents import Document
from sync.errors import Forbidden, SyncError
from sync.policy import Open
from sync.protocol import application

pytestmark = [pytest.mark.anyio, pytest.mark.couchdb]

JSON = {"accept": "application/json"}


async def _fill(client: httpx2.AsyncClient, base: str) -> None:
    """Documents, a conflict, deletions, a design document, and attachments of every kind."""
    await client.put(base)
    docs = [{"_id": f"d{number:03}", "n": number, "t": "x" * 200} for number in range(40)]
    await client.post(f"{base}/_bulk_docs", json={"docs": docs})
    revisions = [
        {"_id": "torn", "_rev": "2-b", "_revisions": {"start": 2, "ids": ["b", "a"]}, "v": 1},
        {"_id": "torn", "_rev": "2-c", "_revisions": {"start": 2, "ids": ["c", "a"]}, "v": 2},
        {"_id": "torn", "_rev": "3-d", "_deleted": True, "_revisions": {"start": 3, "ids": ["d", "x", "a"]}},
    ]
    await client.post(f"{base}/_bulk_docs", json={"new_edits": False, "docs": revisions})
    rev = (await client.put(f"{base}/gone", json={})).json()["rev"]
    await client.delete(f"{base}/gone?rev={rev}")
    await client.put(f"{base}/_design/x", json={"language": "query", "filters": {"f": "function () {}"}})
    await client.put(f"{base}/sl%2Fash", json={"a": "привет"})
    rev = ""
    for name, content, headers in (
        ("large.bin", bytes(range(256)) * 1000, {"content-type": "application/octet-stream"}),
        ("text.txt", b"hello " * 1000, {"content-type": "text/plain"}),
        ("packed.txt", gzip.compress(b"zipped " * 100), {"content-type": "text/plain", "content-encoding": "gzip"}),
    ):
        path = f"{base}/files/{name}" + (f"?rev={rev}" if rev else "")
        rev = (await client.put(path, content=content, headers=headers)).json()["rev"]
    entries = {
        "ü name.txt": {"content_type": "text/plain", "data": base64.b64encode(b"abc" * 50).decode()},
        "empty": {"content_type": "image/png", "data": ""},
    }
    await client.put(f"{base}/inline", json={"_attachments": entries})


async def _change(client: httpx2.AsyncClient, base: str) -> None:
    """Edits after the first replication: an attachment more, a deletion, a new conflict."""
    document = (await client.get(f"{base}/files", headers=JSON)).json()
    rev = (await client.put(f"{base}/files", json=document | {"edited": True})).json()["rev"]
    await client.put(f"{base}/files/new.png?rev={rev}", content=b"\1\2\3", headers={"content-type": "image/png"})
    rev = (await client.get(f"{base}/d001")).json()["_rev"]
    await client.delete(f"{base}/d001?rev={rev}")
    docs = [{"_id": "d002", "_rev": "1-abc", "v": 1}]
    await client.post(f"{base}/_bulk_docs", json={"new_edits": False, "docs": docs})


async def _leaves(client: httpx2.AsyncClient, base: str) -> dict[str, list[str]]:
    """Every leaf of every document, with its history and its attachments' bytes.

    Digests are left out: CouchDB packs text before it takes its digest, so they differ for the same bytes.
    """
    found: dict[str, list[str]] = {}
    for row in (await client.get(f"{base}/_changes?style=all_docs")).json()["results"]:
        path = row["id"] if row["id"].startswith("_design/") else row["id"].replace("/", "%2F")
        query = "open_revs=all&revs=true&attachments=true"
        rows = (await client.get(f"{base}/{path}?{query}", headers=JSON)).json()
        found[row["id"]] = sorted(json.dumps(_plain(one["ok"]), sort_keys=True) for one in rows)
    return found


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    entries = document.get("_attachments", {})
    told = {name: [entry["data"], entry["content_type"], entry["revpos"]] for name, entry in entries.items()}
    return document | {"_attachments": told}


class Particular(Open):
    """A policy with one rule, which has a name."""

    async def validate(
        self, identity: object, database: Database, documents: Sequence[Document]
    ) -> list[SyncError | None]:
        return [Forbidden("d: Not this", rule="taste", path="d") if one.id == "d007" else None for one in documents]


async def _replicate(client: httpx2.AsyncClient, couchdb: str, source: str, target: str, bulk: bool) -> dict[str, Any]:
    body = {"source": source, "target": target, "create_target": True, "use_bulk_get": bulk}
    answer = await client.post(f"{couchdb}/_replicate", json=body)
    assert answer.status_code == 200, answer.text
    ran: dict[str, Any] = answer.json()["history"][0]
    return ran


@pytest.mark.parametrize("bulk", [True, False], ids=["_bulk_get", "one by one"])
@pytest.mark.parametrize("direction", ["push to us", "pull from us"])
async def test_its_replicator_finds_a_peer(doors: Any, couchdb_url: str, direction: str, bulk: bool) -> None:
    """Both sides hold the same leaves, histories and bytes; the second run moves only what changed."""
    ours = f"{await doors.serve(application(MemoryCatalog()))}/replicated"
    theirs = f"{couchdb_url}/replicated"
    source, target = (theirs, ours) if direction == "push to us" else (ours, theirs)
    async with httpx2.AsyncClient(timeout=60) as client:
        await client.delete(theirs)
        await _fill(client, source)
        first = await _replicate(client, couchdb_url, source, target, bulk)
        assert (first["docs_written"], first["doc_write_failures"]) == (first["docs_read"], 0)
        assert await _leaves(client, target) == await _leaves(client, source)
        await _change(client, source)
        second = await _replicate(client, couchdb_url, source, target, bulk)
        assert second["docs_written"] - first["docs_written"] == 3
        assert await _leaves(client, target) == await _leaves(client, source)
        await client.delete(theirs)


async def test_its_replicator_takes_a_refusal_that_names_a_rule(doors: Any, couchdb_url: str) -> None:
    """Members it does not know hold up nothing: the document is counted as refused, all others are stored."""
    ours = f"{await doors.serve(application(MemoryCatalog(), Particular()))}/replicated"
    theirs = f"{couchdb_url}/refused"
    async with httpx2.AsyncClient(timeout=60) as client:
        await client.delete(theirs)
        await client.put(theirs)
        docs = [{"_id": f"d{number:03}"} for number in range(20)]
        await client.post(f"{theirs}/_bulk_docs", json={"docs": docs})
        ran = await _replicate(client, couchdb_url, theirs, ours, bulk=True)
        await client.delete(theirs)
    assert (ran["docs_written"], ran["doc_write_failures"]) == (19, 1)
