"""How the API behaves as a neighbour: mounted anywhere, compressing, letting other origins in, checking what passes."""

import base64
import gzip
import hashlib
import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from sync import multipart
from sync.databases.memory import MemoryCatalog
from sync.protocol import Cors, Settings, application

pytestmark = pytest.mark.anyio

ORIGIN = "https://app.example"


async def _client(root: str = "", settings: Settings | None = None) -> httpx2.AsyncClient:
    catalog = MemoryCatalog()
    await catalog.create("letters")
    app = Starlette(routes=[Mount(root or "/", app=application(catalog, settings=settings))])
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test")


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with await _client() as client:
        yield client


@pytest.fixture
async def mounted() -> AsyncIterator[httpx2.AsyncClient]:
    async with await _client("/db") as client:
        yield client


async def test_a_trailing_slash_is_never_redirected(mounted: httpx2.AsyncClient) -> None:
    """PouchDB always sends one; a redirect would lose its token."""
    for path in ("/db/", "/db/letters", "/db/letters/"):
        assert (await mounted.get(path)).status_code == 200


async def test_locations_are_below_the_mount(mounted: httpx2.AsyncClient) -> None:
    """A client that follows them finds the document."""
    answer = await mounted.put("/db/letters/a%2Fb", json={})
    assert answer.headers["location"] == "http://test/db/letters/a%2Fb"
    assert (await mounted.get(answer.headers["location"])).json()["_id"] == "a/b"


async def test_locations_are_of_the_scheme_the_client_came_by(mounted: httpx2.AsyncClient) -> None:
    """Behind a proxy with a certificate http would lead a client, and its token, out into the open."""
    answer = await mounted.put("/db/letters/x", json={}, headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["location"] == "https://test/db/letters/x"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["a", "b", "c"]),
        ({"start_key": '"b"'}, ["b", "c"]),
        ({"startkey": '"a"', "endkey": '"c"', "inclusive_end": "false"}, ["a", "b"]),
        ({"start_key": '"c"', "end_key": '"b"', "descending": "true"}, ["c", "b"]),
        ({"skip": "1", "limit": "1", "descending": "true"}, ["c"]),
        ({"key": '"b"'}, ["b"]),
    ],
)
async def test_databases_are_listed_by_range(
    client: httpx2.AsyncClient, query: dict[str, str], names: list[str]
) -> None:
    """As documents are; without the range a client that pages by keys would never end."""
    for name in ("c", "a", "b"):
        await client.put(f"/{name}")
    listed: list[str] = (await client.get("/_all_dbs", params=query)).json()
    assert [name for name in listed if name in ("a", "b", "c")] == names


async def test_slashes_in_names(mounted: httpx2.AsyncClient) -> None:
    """Databases, documents and attachments may have them, escaped or (where CouchDB allows it) not."""
    assert (await mounted.put("/db/a%2Fb")).status_code == 201
    assert (await mounted.put("/db/a%2Fb/_design%2Fx", json={})).status_code == 201
    assert (await mounted.get("/db/a%2Fb/_design/x")).json()["_id"] == "_design/x"
    assert (await mounted.put("/db/a%2Fb/doc/p/q.png", content=b"1")).status_code == 201
    assert (await mounted.get("/db/a%2Fb/doc/p%2Fq.png")).content == b"1"


async def test_a_path_that_is_no_text(client: httpx2.AsyncClient) -> None:
    """400, not a fault."""
    assert (await client.get("/letters/%ff")).status_code == 400


async def test_large_answers_are_compressed_for_who_takes_it(client: httpx2.AsyncClient) -> None:
    """And caches are told that there are two forms."""
    await client.post("/letters/_bulk_docs", json={"docs": [{"_id": f"{n:04}", "x": "y" * 50} for n in range(100)]})
    for path in ("/letters/_all_docs?include_docs=true", "/letters/_changes", "/letters/_snapshot"):
        packed = await client.get(path, headers={"accept-encoding": "gzip"})
        plain = await client.get(path, headers={"accept-encoding": "identity"})
        refused = await client.get(path, headers={"accept-encoding": "gzip;q=0"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert "content-encoding" not in refused.headers
        assert packed.text == plain.text
        assert "accept-encoding" in plain.headers["vary"]


async def test_compressed_requests(client: httpx2.AsyncClient) -> None:
    """Phones on slow networks send their batches packed; what is broken or unknown is refused."""
    body = gzip.compress(json.dumps({"docs": [{"_id": "a"}]}).encode())
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    assert (await client.post("/letters/_bulk_docs", content=body, headers=headers)).status_code == 201
    assert (await client.post("/letters/_bulk_docs", content=body[:-5], headers=headers)).status_code == 400
    assert (await client.post("/letters/_bulk_docs", content=b"x", headers=headers)).status_code == 400
    unknown = await client.post("/letters/_bulk_docs", content=body, headers=headers | {"content-encoding": "br"})
    assert (unknown.status_code, unknown.json()["error"]) == (415, "bad_content_type")


async def test_an_attachment_that_comes_packed_stays_packed(client: httpx2.AsyncClient) -> None:
    """It goes out as it is to who takes gzip, and plain to who does not; documents tell of both lengths."""
    plain = b"letters " * 100
    packed = gzip.compress(plain)
    headers = {"content-type": "text/plain", "content-encoding": "gzip"}
    await client.put("/letters/a/text", content=packed, headers=headers)
    taken = await client.get("/letters/a/text", headers={"accept-encoding": "gzip"})
    unpacked = await client.get("/letters/a/text", headers={"accept-encoding": "identity"})
    assert (taken.headers["content-encoding"], taken.headers["content-length"]) == ("gzip", str(len(packed)))
    assert (taken.content, unpacked.content) == (plain, plain)
    assert "content-encoding" not in unpacked.headers
    entry = (await client.get("/letters/a?att_encoding_info=true")).json()["_attachments"]["text"]
    assert (entry["length"], entry["encoded_length"], entry["encoding"]) == (len(plain), len(packed), "gzip")
    inline = (await client.get("/letters/a?attachments=true", headers={"accept": "application/json"})).json()
    assert base64.b64decode(inline["_attachments"]["text"]["data"]) == plain


async def test_an_attachments_type_can_be_replicated(client: httpx2.AsyncClient) -> None:
    """A header may be written with tabs, a document's member may not: whatever was taken in as one must do as the other."""
    await client.put("/letters/a/text", content=b"x", headers={"content-type": "text/plain;\tcharset=utf-8"})
    document = (await client.get("/letters/a?attachments=true", headers={"accept": "application/json"})).json()
    assert document["_attachments"]["text"]["content_type"] == "text/plain; charset=utf-8"
    await client.put("/copy")
    body = {"docs": [document], "new_edits": False}
    assert (await client.post("/copy/_bulk_docs", json=body)).json() == []
    refused = await client.put("/letters/b/text", content=b"x", headers={b"content-type": b"text/plain\x85"})
    assert (refused.status_code, refused.json()["error"]) == (400, "doc_validation")


async def test_digests_are_checked(client: httpx2.AsyncClient) -> None:
    """What was damaged on the way is not stored."""
    good = base64.b64encode(hashlib.md5(b"abc").digest()).decode()
    for digest, status in ((good, 201), (good[::-1], 400), ("AAAA", 400), ("\xe9", 400)):
        answer = await client.put(
            f"/letters/m{status}{digest[0]}/x", content=b"abc", headers={b"content-md5": digest.encode("latin-1")}
        )
        assert answer.status_code == status
    entry = f'{{"follows":true,"content_type":"a/b","digest":"md5-{good}"}}'
    parts = f'--b\r\n\r\n{{"_attachments":{{"x":{entry}}}}}\r\n--b\r\n\r\nabd\r\n--b--'
    answer = await client.put(
        "/letters/p", content=parts.encode(), headers={"content-type": "multipart/related; boundary=b"}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "content_md5_mismatch")


@pytest.mark.parametrize(
    ("path", "accept"), [("?open_revs=all", "multipart/mixed"), ("?attachments=true", "multipart/related")]
)
async def test_names_of_attachments_break_no_headers(client: httpx2.AsyncClient, path: str, accept: str) -> None:
    """Whoever writes an attachment names it, and multipart answers say the name in a header: the bytes stay as they were."""
    name = 'a"\r\nContent-Encoding: gzip\r\n\r\nx'
    entry = {"content_type": "text/plain", "data": base64.b64encode(b"as they were").decode()}
    assert (await client.put("/letters/p", json={"_attachments": {name: entry}})).status_code == 201
    answer = await client.get(f"/letters/p{path}", headers={"accept": accept})

    async def body() -> AsyncIterator[bytes]:
        yield answer.content

    parts = multipart.read(body(), multipart.boundary_of(answer.headers["content-type"]))
    if accept == "multipart/mixed":
        document = await anext(parts)
        parts = multipart.read(aiter(document), multipart.boundary_of(document.headers["content-type"]))
    read = [(set(part.headers), await part.read(1000)) async for part in parts]
    assert list(json.loads(read[0][1])["_attachments"]) == [name]
    assert read[1] == ({"content-disposition", "content-type", "content-length"}, b"as they were")
    assert len(read) == 2


@pytest.mark.parametrize(
    ("entry", "body"),
    [
        ('{"follows":true,"content_type":"a/b","length":4}', b"\r\n--b\r\n\r\nabc\r\n--b--"),
        ('{"follows":true,"content_type":"a/b"}', b"\r\n--b--"),
        ('{"follows":true,"content_type":"a/b"}', b"\r\n--b\r\n\r\nab"),
    ],
    ids=["another length", "a part is missing", "cut off"],
)
async def test_multipart_bodies_must_be_whole(client: httpx2.AsyncClient, entry: str, body: bytes) -> None:
    """400, and the document is not there."""
    head = f'--b\r\nContent-Type: application/json\r\n\r\n{{"_attachments":{{"x":{entry}}}}}'.encode()
    answer = await client.put(
        "/letters/p", content=head + body, headers={"content-type": 'multipart/related; boundary="b"'}
    )
    assert answer.status_code == 400
    assert (await client.get("/letters/p")).status_code == 404


async def test_parts_are_the_attachments_in_their_order(client: httpx2.AsyncClient) -> None:
    """As in CouchDB, whatever the parts are called."""
    document = '{"_attachments":{"x":{"follows":true,"content_type":"a/b"},"y":{"follows":true,"content_type":"a/b"}}}'
    parts = [
        f"--b\r\nContent-Type: application/json\r\n\r\n{document}",
        '--b\r\nContent-Disposition: attachment; filename="y"\r\n\r\nthe first',
        "--b\r\n\r\nthe second",
        "--b--",
    ]
    headers = {"content-type": 'multipart/related; boundary="b"'}
    await client.put("/letters/p", content="\r\n".join(parts).encode(), headers=headers)
    assert [(await client.get(f"/letters/p/{name}")).content for name in "xy"] == [b"the first", b"the second"]


async def test_other_origins_are_let_in_by_name_only() -> None:
    """With credentials, so the origin is explicit; errors carry the headers too, or the page could not read them."""
    async with await _client(settings=Settings(cors=Cors(origins=frozenset([ORIGIN])))) as client:
        preflight = await client.options(
            "/letters/_bulk_docs", headers={"origin": ORIGIN, "access-control-request-method": "POST"}
        )
        assert preflight.status_code == 204
        assert "PUT" in preflight.headers["access-control-allow-methods"]
        for path in ("/letters", "/nope"):
            answer = await client.get(path, headers={"origin": ORIGIN})
            assert answer.headers["access-control-allow-origin"] == ORIGIN
            assert answer.headers["access-control-allow-credentials"] == "true"
        stranger = await client.get("/letters", headers={"origin": "https://other.example"})
        assert "access-control-allow-origin" not in stranger.headers


async def test_without_the_setting_no_origin_is_let_in(client: httpx2.AsyncClient) -> None:
    """OPTIONS is then a method like any that is not there."""
    answer = await client.options("/letters", headers={"origin": ORIGIN, "access-control-request-method": "GET"})
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


async def test_views_are_refused_clearly(client: httpx2.AsyncClient) -> None:
    """What is not there is not found; what is there can't be run here, and the answer says so."""
    views = {"by": {"map": "function (doc) {}"}}
    await client.put("/letters/_design/x", json={"views": views, "filters": {"f": "function () {}"}})
    for path in ("/letters/_design/x/_view/nope", "/letters/_design/nope/_view/by", "/letters/_changes?filter=x/nope"):
        assert (await client.get(path)).status_code == 404
    for path in (
        "/letters/_design/x/_view/by",
        "/letters/_changes?filter=x/f",
        "/letters/_changes?filter=_view&view=x/by",
    ):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["error"]) == (501, "not_implemented")


async def test_a_fault_of_ours_says_nothing_of_its_inside(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """500 in CouchDB's shape; the log has the kind of the error and its place, never what it says."""

    def fail(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("sync.databases.memory.MemoryDatabase.info", fail)
    answer = await client.get("/letters")
    assert (answer.status_code, answer.json()["error"]) == (500, "unknown_error")
    assert "secret" not in answer.text
    assert "RuntimeError at test_manners.py" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("data", ["aGVsbG8=", "aGVs\r\nbG8=", " aGVs bG8=\n"])
async def test_base64_may_come_in_lines(client: httpx2.AsyncClient, data: str) -> None:
    """As mail has it: CouchDB passes over the blanks."""
    answer = await client.put("/letters/a", json={"_attachments": {"hello.txt": {"data": data}}})
    assert answer.status_code == 201
    assert (await client.get("/letters/a/hello.txt")).content == b"hello"


@pytest.mark.parametrize("data", ["aGVsbG8", "aGVs!bG8=", "привет=="])
async def test_what_is_no_base64_is_refused(client: httpx2.AsyncClient, data: str) -> None:
    """The writer is told which attachment it is, whatever stands there."""
    answer = await client.put("/letters/a", json={"_attachments": {"hello.txt": {"data": data}}})
    assert (answer.status_code, answer.json()["reason"]) == (400, "Invalid attachment data for hello.txt")


@pytest.mark.parametrize("bound", ["null", "1", "true", "[]", "{}"])
async def test_a_bound_that_is_no_string_comes_before_every_id(client: httpx2.AsyncClient, bound: str) -> None:
    """Whatever kind of JSON it is, null too; it is not the same as no bound."""
    for name in ("a", "b"):
        await client.put(f"/letters/{name}", json={})
    found = []
    for query in ({"startkey": bound}, {"endkey": bound}, {"key": bound}, {"startkey": bound, "descending": "true"}):
        answer = (await client.get("/letters/_all_docs", params=query)).json()
        found.append([row["id"] for row in answer["rows"]])
    assert found == [["a", "b"], [], [], []]


async def test_design_documents_are_counted_among_themselves(client: httpx2.AsyncClient) -> None:
    """`offset` says how many design documents come before, in the order that was asked for, and never more than there are."""
    for path in ("a", "z1", "z2", "_design/x", "_design/y"):
        await client.put(f"/letters/{path}", json={})
    offsets = []
    for query in ({}, {"descending": "true"}, {"descending": "true", "startkey": '"_design/x"'}, {"skip": "5"}):
        answer = (await client.get("/letters/_design_docs", params=query)).json()
        offsets.append((answer["offset"], answer["total_rows"]))
    assert offsets == [(0, 2), (0, 2), (1, 2), (2, 2)]


async def test_a_broken_download_goes_on_only_with_the_same_bytes(client: httpx2.AsyncClient) -> None:
    """`If-Range` names what the client has begun; of anything else it is sent the whole, not an end that won't fit."""
    kind = {"content-type": "image/png"}
    await client.put("/letters/a/pic", content=b"0123456789", headers=kind)
    tag = (await client.get("/letters/a/pic")).headers["etag"]
    for known, status, body in (
        (tag, 206, b"56789"),
        ('"other"', 200, b"0123456789"),
        (f"W/{tag}", 200, b"0123456789"),
    ):
        answer = await client.get("/letters/a/pic", headers={"range": "bytes=5-", "if-range": known})
        assert (answer.status_code, answer.content) == (status, body)
