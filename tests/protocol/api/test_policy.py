"""The application's rules are asked once a request, before the database is touched, and for every document written."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx2
import pytest
from starlette.requests import HTTPConnection

from sync.databases.contract import Database
from sync.databases.memory import MemoryCatalog
from sync.documents import Document
from sync.errors import Forbidden, SyncError, Unauthorized
from sync.policy import Access
from sync.protocol import application, call

pytestmark = pytest.mark.anyio


class Recording:
    """Remembers what it was asked; refuses whoever sends no token, what it is told to, and documents named "bad…"."""

    def __init__(self) -> None:
        self.asked: list[tuple[str | None, Access]] = []
        self.identified = 0
        self.refuses: set[Access] = set()

    async def identify(self, connection: HTTPConnection) -> object:
        self.identified += 1
        if "authorization" not in connection.headers:
            raise Unauthorized("Send a token")
        return connection.headers["authorization"]

    async def authorize(self, identity: object, database: str | None, access: Access) -> None:
        self.asked.append((database, access))
        if access in self.refuses:
            raise Forbidden(f"No {access.value} for you")

    async def validate(
        self, identity: object, database: Database, documents: Sequence[Document]
    ) -> list[SyncError | None]:
        return [Forbidden(f"{one.id} is bad") if one.id.startswith("bad") else None for one in documents]


async def slowly(policy: Recording, *pieces: bytes) -> AsyncIterator[bytes]:
    """A body during which the caller's rights are taken away."""
    for piece in pieces:
        yield piece
        policy.refuses = {Access.WRITE, Access.LOCAL}


@pytest.fixture
def policy() -> Recording:
    return Recording()


@pytest.fixture
async def client(policy: Recording) -> AsyncIterator[httpx2.AsyncClient]:
    catalog = MemoryCatalog()
    await catalog.create("letters")
    transport = httpx2.ASGITransport(app=application(catalog, policy))
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://test", headers={"authorization": "Bearer x"}
    ) as client:
        yield client


async def test_nobody_comes_in_without_a_name(client: httpx2.AsyncClient) -> None:
    """401 in CouchDB's words."""
    del client.headers["authorization"]
    answer = await client.get("/letters")
    assert (answer.status_code, answer.json()) == (401, {"error": "unauthorized", "reason": "Send a token"})


async def test_welcome_is_for_everybody(client: httpx2.AsyncClient, policy: Recording) -> None:
    """Clients look at `/` and `/_up` before they have a token; nobody is asked for one."""
    del client.headers["authorization"]
    assert [(await client.get(path)).status_code for path in ("/", "/_up", "/_session")] == [200, 200, 200]
    assert not policy.asked


@pytest.mark.parametrize(
    ("method", "path", "access"),
    [
        ("GET", "/letters", Access.READ),
        ("GET", "/letters/_all_docs", Access.READ),
        ("POST", "/letters/_bulk_get", Access.READ),
        ("POST", "/letters/_revs_diff", Access.READ),
        ("GET", "/letters/_changes", Access.READ),
        ("GET", "/letters/_snapshot", Access.READ),
        ("GET", "/letters/_digest", Access.READ),
        ("GET", "/letters/a", Access.READ),
        ("GET", "/letters/a/file", Access.READ),
        ("GET", "/letters/_design/x", Access.READ),
        ("POST", "/letters", Access.WRITE),
        ("POST", "/letters/_bulk_docs", Access.WRITE),
        ("PUT", "/letters/a", Access.WRITE),
        ("DELETE", "/letters/a", Access.WRITE),
        ("COPY", "/letters/a", Access.WRITE),
        ("PUT", "/letters/a/file", Access.WRITE),
        ("DELETE", "/letters/a/file", Access.WRITE),
        ("PUT", "/letters/_design/x", Access.WRITE),
        ("GET", "/letters/_local/x", Access.LOCAL),
        ("PUT", "/letters/_local/x", Access.LOCAL),
        ("PUT", "/letters/_local%2Fx", Access.LOCAL),
        ("DELETE", "/letters/_local/x", Access.LOCAL),
        ("POST", "/letters/_ensure_full_commit", Access.LOCAL),
        ("PUT", "/letters", Access.ADMIN),
        ("DELETE", "/letters", Access.ADMIN),
        ("PUT", "/letters/_security", Access.ADMIN),
        ("PUT", "/letters/_revs_limit", Access.ADMIN),
        ("POST", "/letters/_compact", Access.ADMIN),
        ("POST", "/letters/_purge", Access.ADMIN),
    ],
)
async def test_what_is_asked_of_the_policy(
    client: httpx2.AsyncClient, policy: Recording, method: str, path: str, access: Access
) -> None:
    """Each endpoint names its kind of access once, and a refusal comes before anything is looked at."""
    policy.refuses = {access}
    answer = await client.request(method, path, headers={"content-type": "application/json"}, content=b"{")
    assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")
    assert policy.asked == [("letters", access)]
    assert policy.identified == 1


async def test_names_of_databases_are_asked_for_without_one(client: httpx2.AsyncClient, policy: Recording) -> None:
    """What concerns the server names no database."""
    await client.get("/_all_dbs")
    assert policy.asked == [(None, Access.READ)]


async def test_a_refused_document_does_not_hold_up_the_others(client: httpx2.AsyncClient) -> None:
    """Its row says why, in its place; the others are stored."""
    docs = [{"_id": "a"}, {"_id": "bad1"}, {"_id": "b"}]
    rows = (await client.post("/letters/_bulk_docs", json={"docs": docs})).json()
    assert [row["id"] for row in rows] == ["a", "bad1", "b"]
    assert rows[1] == {"id": "bad1", "error": "forbidden", "reason": "bad1 is bad"}
    assert [row["id"] for row in (await client.get("/letters/_all_docs")).json()["rows"]] == ["a", "b"]


async def test_a_replicated_batch_names_the_refused_only(client: httpx2.AsyncClient) -> None:
    """A replicator counts these rows as `doc_write_failures`."""
    docs = [{"_id": "a", "_rev": "1-x"}, {"_id": "bad1", "_rev": "1-y"}]
    answer = await client.post("/letters/_bulk_docs", json={"docs": docs, "new_edits": False})
    assert answer.status_code == 201
    assert answer.json() == [{"id": "bad1", "rev": "1-y", "error": "forbidden", "reason": "bad1 is bad"}]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("PUT", "/letters/bad", {}),
        ("PUT", "/letters/bad/file", {"content-type": "image/png"}),
        ("COPY", "/letters/a", {"destination": "bad"}),
    ],
)
async def test_a_single_refused_document_is_a_403(
    client: httpx2.AsyncClient, method: str, path: str, headers: dict[str, str]
) -> None:
    """However it comes to be written."""
    await client.put("/letters/a", json={})
    answer = await client.request(method, path, headers=headers, content=b"{}")
    assert (answer.status_code, answer.json()) == (403, {"error": "forbidden", "reason": "bad is bad"})


async def test_checkpoints_are_no_documents_of_the_application(client: httpx2.AsyncClient, policy: Recording) -> None:
    """A reader keeps its place in a database it may not write to, whatever its `_local` document is called."""
    policy.refuses = {Access.WRITE, Access.ADMIN}
    assert (await client.put("/letters/_local/bad", json={})).status_code == 201


async def test_the_session_names_who_asks(client: httpx2.AsyncClient, policy: Any) -> None:
    """An identity with a name and roles is shown; any other is nobody."""

    class Person:
        name = "tern"
        roles = ("volunteer",)

    async def identify(connection: HTTPConnection) -> object:
        return Person()

    assert (await client.get("/_session")).json()["userCtx"] == {"name": None, "roles": []}
    policy.identify = identify
    assert (await client.get("/_session")).json()["userCtx"] == {"name": "tern", "roles": ["volunteer"]}


@pytest.mark.parametrize(
    ("method", "path", "kind", "pieces"),
    [
        ("POST", "/letters/_bulk_docs", "application/json", (b'{"docs":[{"_id":"a"},', b'{"_id":"_local/a"}]}')),
        ("PUT", "/letters/a", "application/json", (b'{"x":', b"1}")),
        ("PUT", "/letters/_local/a", "application/json", (b'{"x":', b"1}")),
        ("PUT", "/letters/a/picture", "image/png", (b"1", b"2")),
        (
            "PUT",
            "/letters/a",
            'multipart/related; boundary="b"',
            (b'--b\r\n\r\n{"_attachments":{"c":{"follows":true}}}\r\n--b\r\n\r\n', b"x\r\n--b--"),
        ),
    ],
)
async def test_rights_hold_until_the_end_of_a_body(
    client: httpx2.AsyncClient,
    policy: Recording,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    kind: str,
    pieces: tuple[bytes, ...],
) -> None:
    """Who was let in when a request began, and is shut out while it comes, writes nothing: it may come for hours."""
    monkeypatch.setattr(call, "TRUST_SECONDS", 0.0)
    answer = await client.request(method, path, content=slowly(policy, *pieces), headers={"content-type": kind})
    assert answer.status_code == 403
    policy.refuses.clear()
    assert (await client.get(path if "bulk" not in path else "/letters/a")).status_code == 404
