"""Every limit has an error of CouchDB's, and what is refused leaves no trace."""

import gzip
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from sync.databases.memory import MemoryCatalog
from sync.errors import BadRequest
from sync.protocol import Settings, application

pytestmark = pytest.mark.anyio

SETTINGS = Settings(max_document_size=1000, max_request_size=5000, max_batch=10, max_attachment_size=100, max_depth=20)


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    catalog = MemoryCatalog()
    await catalog.create("letters")
    transport = httpx2.ASGITransport(app=application(catalog, settings=SETTINGS))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"in": value}
    return value


async def count(client: httpx2.AsyncClient) -> int:
    known: int = (await client.get("/letters")).json()["doc_count"]
    return known


async def test_a_large_document(client: httpx2.AsyncClient) -> None:
    """413 with the document's id as the reason."""
    answer = await client.put("/letters/big", json={"x": "y" * 1001})
    assert (answer.status_code, answer.json()) == (413, {"error": "document_too_large", "reason": "big"})
    assert await count(client) == 0


async def test_a_large_document_in_a_batch(client: httpx2.AsyncClient) -> None:
    """It is refused in its row; one record too large must not hold up a phone's others."""
    docs = [{"_id": "big", "x": "y" * 1001}, {"_id": "small"}]
    rows = (await client.post("/letters/_bulk_docs", json={"docs": docs})).json()
    assert [row.get("error") for row in rows] == ["document_too_large", None]


async def test_a_large_body(client: httpx2.AsyncClient) -> None:
    """Refused by what it announces, and where it announces nothing by what comes."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    announced = await client.put("/letters/a", content=b"x" * 5001)
    streamed = await client.put("/letters/a", content=endless())
    for answer in (announced, streamed):
        assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


async def test_a_body_that_grows_when_it_is_unpacked(client: httpx2.AsyncClient) -> None:
    """A few bytes of gzip can't fill the memory."""
    bomb = gzip.compress(b" " * 10_000_000)[:4900]
    answer = await client.put("/letters/a", content=bomb, headers={"content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


async def test_too_many_documents(client: httpx2.AsyncClient) -> None:
    """A batch has a bound in documents too."""
    answer = await client.post("/letters/_bulk_docs", json={"docs": [{}] * 11})
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert await count(client) == 0


@pytest.mark.parametrize("entry", [b"{}", b"[]", b'""'])
@pytest.mark.parametrize("before", [b"", b'"new_edits":7,'])
async def test_too_many_documents_cost_no_memory(before: bytes, entry: bytes) -> None:
    """A batch past its bound is refused before its documents are made objects of, each of which is many times its text."""
    catalog = MemoryCatalog()
    await catalog.create("letters")
    call = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=application(catalog)), base_url="http://test")
    body = b'{%b"docs":[' % before + (entry + b",") * 1_000_000 + b"{}]}"
    async with call as client:
        tracemalloc.start()
        answer = await client.post("/letters/_bulk_docs", content=body, headers={"content-type": "application/json"})
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert answer.status_code == (400 if before or entry != b"{}" else 413)
    assert peak < 4 * len(body)


async def peak_of(path: str, body: bytes) -> tuple[httpx2.Response, int]:
    """An answer under the limits that hold where nobody sets others, and the memory it cost."""
    catalog = MemoryCatalog()
    await catalog.create("letters")
    transport = httpx2.ASGITransport(app=application(catalog))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        tracemalloc.start()
        answer = await client.post(path, content=body, headers={"content-type": "application/json"})
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return answer, peak


@pytest.mark.parametrize(
    ("path", "opening", "part", "closing"),
    [
        ("/letters", b'{"_id":"big","x":[', b"{},", b"0]}"),
        ("/letters", b'{"_id":"big","_attachments":{"a":{"x":[', b"{},", b"0]}}}"),
        ("/letters/_bulk_docs", b'{"docs":[{"_id":"small"},{"_id":"big","x":[', b"{},", b"0]}]}"),
        ("/letters/_bulk_docs", b'{"docs":[', b"{},", b"0]}"),
        ("/letters/_revs_diff", b'{"a":[', b'"1-abc",', b'"1-abc"]}'),
        ("/letters/_bulk_get", b'{"docs":[', b"1,", b"1]}"),
        ("/letters/_all_docs", b'{"keys":[', b'"a",', b'"a"]}'),
        ("/letters/_changes?filter=_doc_ids", b'{"doc_ids":[', b'"a",', b'"a"]}'),
    ],
)
async def test_what_is_refused_for_its_size_costs_no_memory(
    path: str, opening: bytes, part: bytes, closing: bytes
) -> None:
    """A body within the bound of a request is not made objects of, where it can't be right."""
    body = opening + part * (9_000_000 // len(part)) + closing
    answer, peak = await peak_of(path, body)
    if path.endswith("_bulk_docs") and b"small" in opening:
        assert [row.get("error") for row in answer.json()] == [None, "document_too_large"]
    else:
        assert answer.status_code == 413
    assert peak < 4 * len(body)


async def test_a_local_document_has_the_same_bound(client: httpx2.AsyncClient) -> None:
    """Whoever may read a database may write those."""
    answer = await client.put("/letters/_local/big", json={"x": "y" * 1001})
    assert (answer.status_code, answer.json()["error"]) == (413, "document_too_large")


@pytest.mark.parametrize(("depth", "status"), [(19, 201), (20, 400)])
async def test_deep_documents(client: httpx2.AsyncClient, depth: int, status: int) -> None:
    """The bound is exact: the document's own braces count."""
    assert (await client.put("/letters/deep", json=nested(depth))).status_code == status


async def test_brackets_in_strings_are_no_depth(client: httpx2.AsyncClient) -> None:
    """Only nesting counts."""
    assert (await client.put("/letters/text", json={"x": '[{"[' * 30, "y": [[]] * 20})).status_code == 201


async def test_absurdly_deep_json(client: httpx2.AsyncClient) -> None:
    """The parser's own bound is an answer, not a fault."""
    for path, body in (("/letters/_bulk_docs", b'{"docs":' + b"[" * 2000), ("/letters/_revs_diff", b"[" * 4000)):
        answer = await client.post(path, content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 400


@pytest.mark.parametrize("inline", [True, False])
async def test_a_large_attachment(client: httpx2.AsyncClient, inline: bool) -> None:
    """413 with the attachment's name, inline or by itself."""
    if inline:
        entry = {"content_type": "image/png", "data": "A" * 136}
        answer = await client.put("/letters/a", json={"_attachments": {"pic": entry}})
    else:
        answer = await client.put("/letters/a/pic", content=b"x" * 101, headers={"content-type": "image/png"})
    assert (answer.status_code, answer.json()) == (413, {"error": "attachment_too_large", "reason": "pic"})
    assert await count(client) == 0


async def test_a_large_part(client: httpx2.AsyncClient) -> None:
    """A part of a multipart body is bounded like any attachment."""
    head = b'--b\r\n\r\n{"_attachments":{"pic":{"follows":true,"content_type":"image/png"}}}\r\n--b\r\n\r\n'
    answer = await client.put(
        "/letters/a",
        content=head + b"x" * 101 + b"\r\n--b--",
        headers={"content-type": "multipart/related; boundary=b"},
    )
    assert (answer.status_code, answer.json()["error"]) == (413, "attachment_too_large")


async def test_digests_have_a_bound(client: httpx2.AsyncClient) -> None:
    """No more than 1024 nodes in one request."""
    answer = await client.post("/letters/_digest", json={"prefixes": ["a"] * 1025})
    assert answer.status_code == 400


def test_limits_must_be_positive() -> None:
    """A wrong setting stops the start with a sentence that names it."""
    with pytest.raises(BadRequest, match="max_batch"):
        Settings(max_batch=0)
