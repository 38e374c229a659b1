"""The gateway in front of a peer: what passes, what is refused, and what happens when either side goes away."""

import base64
from collections.abc import AsyncIterator, Sequence

import anyio
import anyio.lowlevel
import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sync.databases.contract import Database
from sync.documents import Document
from sync.errors import Forbidden, SyncError, Unauthorized
from sync.policy import Access, Open
from sync.protocol import call
from tests.e2e.stage import free_port
from tests.protocol.doors import Doors

pytestmark = pytest.mark.anyio


class Rules(Open):
    """A policy that can be told to refuse."""

    def __init__(self) -> None:
        self.known = True
        self.may: set[Access] = set(Access)

    async def identify(self, connection: HTTPConnection) -> object:
        if not self.known:
            raise Unauthorized("not any more")
        return "somebody"

    async def authorize(self, identity: object, database: str | None, access: Access) -> None:
        if access not in self.may:
            raise Forbidden(access.value)

    async def validate(
        self, identity: object, database: Database, documents: Sequence[Document]
    ) -> list[SyncError | None]:
        return [Forbidden("not this one") if document.id == "bad" else None for document in documents]


class Recording:
    """A peer that says yes to everything and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.requests.append(Request(scope))
            await JSONResponse({"ok": True, "rows": [], "total_rows": 0})(scope, receive, send)


async def test_a_refused_document_does_not_hold_up_its_batch(doors: Doors, peer: str) -> None:
    """The others of the batch are stored, and the answer names the refused one with its reason."""
    gateway = await doors.gateway(peer, Rules())
    docs = [{"_id": "good"}, {"_id": "bad"}, {"_id": "fine"}]
    answer = await gateway.post("/letters/_bulk_docs", json={"docs": docs})
    assert answer.status_code == 201
    assert [row.get("error") for row in answer.json()] == [None, "forbidden", None]
    assert answer.json()[1] == {"id": "bad", "error": "forbidden", "reason": "not this one"}
    listed = await (await doors.client(peer)).get("/letters/_all_docs")
    assert [row["id"] for row in listed.json()["rows"]] == ["fine", "good"]


async def test_every_way_to_write_is_judged(doors: Doors, peer: str) -> None:
    """PUT, POST, COPY, attachments and replicated documents meet the same rule as a batch."""
    gateway = await doors.gateway(peer, Rules())
    await gateway.put("/letters/good", json={})
    related = (
        b'--b\r\ncontent-type: application/json\r\n\r\n{"_id":"bad","_attachments":{"n":{"follows":true,'
        b'"content_type":"text/plain","length":1}}}\r\n--b\r\n\r\nx\r\n--b--'
    )
    answers = [
        await gateway.put("/letters/bad", json={}),
        await gateway.post("/letters", json={"_id": "bad"}),
        await gateway.request("COPY", "/letters/good", headers={"destination": "bad"}),
        await gateway.put("/letters/bad/n", content=b"x", headers={"content-type": "text/plain"}),
        await gateway.put("/letters/bad", content=related, headers={"content-type": 'multipart/related; boundary="b"'}),
        await gateway.put("/letters/bad?new_edits=false", json={"_rev": "1-a"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * len(answers)
    assert (await (await doors.client(peer)).get("/letters")).json()["doc_count"] == 1


async def test_a_copy_brings_its_attachments(doors: Doors, peer: str) -> None:
    """The peer tells of them as stubs, which mean nothing under another id; compressed ones stay as they are."""
    gateway = await doors.gateway(peer)
    text, picture = b"to whom it may concern " * 100, bytes(range(256))
    attachments = {
        "letter.txt": {"content_type": "text/plain", "data": base64.b64encode(text).decode()},
        "stamp.png": {"content_type": "image/png", "data": base64.b64encode(picture).decode()},
    }
    put = await gateway.put("/letters/one", json={"to": "somebody", "_attachments": attachments})
    assert put.status_code == 201
    copied = await gateway.request("COPY", "/letters/one", headers={"destination": "other"})
    assert copied.status_code == 201
    assert (await gateway.get("/letters/other")).json()["to"] == "somebody"
    for name, content in (("letter.txt", text), ("stamp.png", picture)):
        assert (await gateway.get(f"/letters/other/{name}")).content == content


async def test_code_is_an_administrators_affair(doors: Doors, peer: str) -> None:
    """CouchDB would run a design document: who may write documents may not yet write that."""
    rules = Rules()
    gateway = await doors.gateway(peer, rules)
    rules.may.remove(Access.ADMIN)
    design = {"_id": "_design/x", "views": {}}
    assert (await gateway.put("/letters/_design/x", json=design)).status_code == 403
    batch = (await gateway.post("/letters/_bulk_docs", json={"docs": [design, {"_id": "a"}]})).json()
    assert [row.get("error") for row in batch] == ["forbidden", None]
    rules.may.add(Access.ADMIN)
    assert (await gateway.put("/letters/_design/x", json=design)).status_code == 201


FORBIDDEN_PATHS = [
    ("GET", "/_users/_all_docs"),
    ("GET", "/%5Fusers/_all_docs"),
    ("GET", "/letters/..%2F_users/_all_docs"),
    ("GET", "/letters/%2e%2e/_users/_all_docs"),
    ("GET", "/_node/_local/_config"),
    ("PUT", "/_node/_local/_config/admins/me"),
    ("POST", "/_replicate"),
    ("PUT", "/more"),
    ("DELETE", "/letters"),
    ("POST", "/letters/_purge"),
    ("POST", "/letters/%5Fpurge"),
    ("PUT", "/letters/_security"),
    ("POST", "/letters/_compact"),
    ("GET", "/letters/_shards"),
    ("POST", "/letters/_index"),
    ("GET", "/letters/_design/x/_view/y"),
    ("GET", "/letters/_design%2Fx/_view/y"),
]


async def test_administration_is_out_of_reach(doors: Doors) -> None:
    """No spelling of CouchDB's own endpoints reaches it, for somebody who may do everything but administer."""
    peer, rules = Recording(), Rules()
    rules.may.remove(Access.ADMIN)
    gateway = await doors.gateway(await doors.serve(peer), rules)
    for method, path in FORBIDDEN_PATHS:
        url = gateway.base_url.copy_with(raw_path=path.encode())
        await gateway.request(method, url, json={} if method in ("PUT", "POST") else None)
    # What the contract may ask on the way: whether the database is there, and the document that a path is about.
    allowed = {("GET", "/letters"), ("GET", "/letters/_design/x")}
    assert {(request.method, request.url.path) for request in peer.requests} <= allowed


async def test_our_credentials_replace_the_clients(doors: Doors) -> None:
    """CouchDB sees the server's password and no header by which the client could be somebody there."""
    peer = Recording()
    address = (await doors.serve(peer)).replace("http://", "http://ser%40ver:p%3Aw%2Fd@")
    gateway = await doors.gateway(address)
    told = {"authorization": "Bearer token", "cookie": "AuthSession=x", "x-auth-couchdb-username": "admin"}
    await gateway.get("/letters/a", headers=told)
    (request,) = peer.requests
    assert request.headers["authorization"] == "Basic " + base64.b64encode(b"ser@ver:p:w/d").decode()
    assert not {"cookie", "x-auth-couchdb-username"} & set(request.headers.keys())


async def test_nobody_passes_without_the_policy(doors: Doors) -> None:
    """An unknown caller gets 401, one who may not read 403; the peer is not asked."""
    peer, rules = Recording(), Rules()
    gateway = await doors.gateway(await doors.serve(peer), rules)
    rules.may.clear()
    assert (await gateway.get("/letters/_all_docs")).status_code == 403
    assert (await gateway.put("/letters/_local/a", json={})).status_code == 403
    rules.known = False
    assert (await gateway.get("/letters/_all_docs")).status_code == 401
    assert not peer.requests


async def test_the_peers_troubles_are_not_the_clients(doors: Doors) -> None:
    """Whatever is wrong between us and CouchDB is 503 and "come back": a 401 would log every phone out."""

    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("internal: 10.0.0.7", int(scope["path"][-3:]), {"location": "/elsewhere"})(
            scope, receive, send
        )

    gateway = await doors.gateway(await doors.serve(broken))
    for status in (302, 401, 403, 429, 500, 502, 503):
        answer = await gateway.get(f"/letters/{status}")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["error"] == "service_unavailable"
        assert "10.0.0.7" not in answer.text


async def test_a_peer_that_is_gone_is_503(doors: Doors) -> None:
    """Reads that pass and writes that are judged say the same when nothing answers."""
    gateway = await doors.gateway(f"http://127.0.0.1:{free_port()}")
    for answer in (await gateway.get("/letters/a"), await gateway.put("/letters/a", json={})):
        assert (answer.status_code, answer.json()["error"]) == (503, "service_unavailable")
        assert "retry-after" in answer.headers


async def test_half_an_answer_does_not_look_whole(doors: Doors) -> None:
    """When the peer breaks off within its answer, so do we: the client sees an error, not a short list."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"rows":[\n'
        await anyio.lowlevel.checkpoint()
        raise ConnectionError

    async def answer(request: Request) -> Response:
        return StreamingResponse(chunks(), media_type="application/json")

    gateway = await doors.gateway(await doors.serve(Starlette(routes=[Route("/{path:path}", answer)])))
    with pytest.raises(httpx2.RemoteProtocolError):
        await gateway.get("/letters/_all_docs")


class Feed:
    """A peer whose every answer is a feed that beats for ever; it notices when its reader goes away."""

    def __init__(self) -> None:
        self.left = anyio.Event()
        self.beat = anyio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if b"feed=" not in scope["query_string"]:
            await JSONResponse({"ok": True})(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": b"\n", "more_body": True})
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._beats, send)
            while (await receive())["type"] != "http.disconnect":
                pass
            tasks.cancel_scope.cancel()
        self.left.set()

    async def _beats(self, send: Send) -> None:
        while True:
            await self.beat.wait()
            self.beat = anyio.Event()
            await send({"type": "http.response.body", "body": b"\n", "more_body": True})


async def test_a_client_that_leaves_frees_the_connection(doors: Doors) -> None:
    """When a phone stops listening, the peer's feed is closed at once."""
    feed = Feed()
    gateway = await doors.gateway(await doors.serve(feed))
    with anyio.fail_after(5):
        async with gateway.stream("GET", "/letters/_changes?feed=continuous") as answer:
            chunks = answer.aiter_raw()
            await anext(chunks)
        await feed.left.wait()


async def test_waiting_feeds_leave_the_others_alone(doors: Doors) -> None:
    """With every connection for feeds taken, ordinary requests pass, and one feed more is told to come back."""
    feed = Feed()
    gateway = await doors.gateway(await doors.serve(feed), requests=1, feeds=1, patience=0.05)
    async with gateway.stream("GET", "/letters/_changes?feed=longpoll") as waiting:
        chunks = waiting.aiter_raw()
        await anext(chunks)
        assert (await gateway.get("/letters/a")).status_code == 200
        refused = await gateway.get("/letters/_changes?feed=longpoll")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")


async def test_a_revoked_caller_stops_hearing_a_feed(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed that is open when its caller is revoked says nothing more, and ends."""
    monkeypatch.setattr(call, "TRUST_SECONDS", 0.0)
    feed, rules = Feed(), Rules()
    gateway = await doors.gateway(await doors.serve(feed), rules)
    with anyio.fail_after(5):
        async with gateway.stream("GET", "/letters/_changes?feed=continuous") as answer:
            chunks = answer.aiter_raw()
            await anext(chunks)
            rules.known = False
            feed.beat.set()
            with pytest.raises(httpx2.RemoteProtocolError):
                await anext(chunks)
        await feed.left.wait()
