"""One CouchDB-compatible server: its address, what it is asked and the errors it answers. `line.py` is the way to it."""

from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar, Unpack
from urllib.parse import quote, urlencode

import httpx2
import msgspec

from sync.databases.http.line import Answer, HttpxLine, Line, Over
from sync.documents import UNREADABLE, Document, parse
from sync.errors import BadRequest, IllegalName, InvalidDocument, SyncError, Unavailable
from sync.protocol.errors import Told, from_wire

# A feed sends a heartbeat every 10 s; a peer that says nothing for three of them is gone.
HEARTBEAT_MS = 10_000
_JSON = {"accept": "application/json", "content-type": "application/json"}

_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))

_T = TypeVar("_T")
Query = Mapping[str, str | int | bool | None]


class Bearer(httpx2.Auth):
    """`Authorization: Bearer <token>`. The token never prints."""

    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response]:
        request.headers["Authorization"] = self._header
        yield request

    def __repr__(self) -> str:
        return "Bearer(…)"


_told = msgspec.json.Decoder(Told)


class Peer:
    """A server below `url`. Certificates are always verified; redirects are never followed (they would carry the token away).

    A user and password in the URL become basic authentication and are taken out of it, so `str(peer)` and error
    messages hold no secret. With a `line` the requests go over that, which knows the credentials itself; else over a line of
    our own, opened with `over`.
    """

    def __init__(
        self,
        url: str,
        line: Line | None = None,
        **over: Unpack[Over],
    ) -> None:
        try:
            parsed = httpx2.URL(url)
        except httpx2.InvalidURL:
            raise BadRequest("The address of the peer is not a URL") from None
        if parsed.scheme not in ("http", "https") or not parsed.host:
            raise BadRequest("The address of a peer must begin with http:// or https://")
        if over.get("auth") is None and parsed.userinfo:
            over["auth"] = httpx2.BasicAuth(parsed.username, parsed.password)
        self.url = str(parsed.copy_with(userinfo=b"", query=None, fragment=None)).rstrip("/")
        # Compressing costs more than it saves where no network lies between.
        self._encoding = "identity" if parsed.host in _LOOPBACK else "gzip"
        self._line = line or HttpxLine(self.url, **over)

    def __str__(self) -> str:
        return self.url

    async def close(self) -> None:
        """Closes what was opened here."""
        await self._line.close()

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        *,
        content: bytes | AsyncIterator[bytes] | None = None,
        headers: Mapping[str, str] = _JSON,
    ) -> AsyncIterator[Answer]:
        """The answer with its body still to come. Raises the error the peer answered, or Unavailable if it did not."""
        told = {"accept-encoding": self._encoding, **headers}
        async with self._line.ask(method, path + _encode(query), told, content) as answer:
            if answer.status >= 300:
                await self._raise(answer)
            yield answer

    async def _raise(self, answer: Answer) -> None:
        body = await answer.read()
        if answer.redirects:
            raise BadRequest(f"{self.url} answers with a redirect; name the address it leads to")
        raise error_of(answer.status, body)

    async def call(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        *,
        body: object = None,
        headers: Mapping[str, str] = _JSON,
    ) -> bytes:
        """The whole answer. `body` is JSON already when it is bytes, else it is encoded here."""
        content = body if isinstance(body, bytes) or body is None else msgspec.json.encode(body)
        async with self.stream(method, path, query, content=content, headers=headers) as answer:
            return await answer.read()

    async def ask(
        self,
        decoder: msgspec.json.Decoder[_T],
        method: str,
        path: str,
        query: Query | None = None,
        *,
        body: object = None,
    ) -> _T:
        """The answer decoded. Raises Unavailable when it is not what a CouchDB peer says (a proxy's page, half a body)."""
        return decode(decoder, await self.call(method, path, query, body=body), self.url)


def decode(decoder: msgspec.json.Decoder[_T], data: bytes, url: str) -> _T:
    """Raises Unavailable when the data is not what the decoder expects."""
    try:
        return decoder.decode(data)
    except UNREADABLE as error:
        raise Unavailable(f"{url} gave an answer that can't be understood: {error}") from None


def read_document(data: bytes, url: str) -> Document:
    """The document in an answer. Raises Unavailable when it is none: the fault is the peer's or a proxy's, not the asker's."""
    try:
        return parse(data)
    except (BadRequest, InvalidDocument, IllegalName) as error:
        raise Unavailable(f"{url} gave a document that can't be understood: {error.reason}") from None


def error_of(status: int, body: bytes) -> SyncError:
    """The error in an answer's body, which may come from a proxy and be no JSON."""
    try:
        said = _told.decode(body)
    except UNREADABLE:
        said = Told()
    said.reason = said.reason or f"HTTP status {status}"
    return from_wire(status, said)


def segment(name: str) -> str:
    """A database, document or attachment name as path: `/`, `?`, `#`, `%` quoted, and "." and ".." kept from vanishing."""
    return quote(name, safe="") if name.strip(".") else name.replace(".", "%2E")


def document_path(doc_id: str) -> str:
    """The path of a document below its database; `_design/` and `_local/` keep their slash."""
    prefix, slash, rest = doc_id.partition("/")
    if slash and prefix in ("_design", "_local"):
        return f"/{prefix}/{segment(rest)}"
    return "/" + segment(doc_id)


def _encode(query: Query | None) -> str:
    given = {name: value for name, value in (query or {}).items() if value is not None}
    if not given:
        return ""
    words = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()}
    return "?" + urlencode(words, quote_via=quote)
