"""One request to the HTTP API, with everything a handler may ask of it.

GET /db/chapter-x/a%2Fb?rev=1-cd     mounted below /db
    root      "/db"
    path      ("chapter-x", "a/b")   each segment unescaped for itself, so a slash may stand in an id
    database  the open Database "chapter-x", set once the policy has agreed
"""

import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_to_bytes

import msgspec
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope

from sync.databases.contract import Catalog, Database
from sync.documents import Document, parse
from sync.errors import BadContentType, BadRequest, TooLarge
from sync.policy import Access, Policy
from sync.protocol import bodies
from sync.protocol.settings import Settings
from sync.protocol.weighing import weighed

_REFUSED = re.compile(r"q=0(\.0*)?\s*(;|$)")  # a quality of nought: not this one
_NO_QUERY: Mapping[str, str] = {}
# How long the policy's word is relied on within one request, before something is written or told.
TRUST_SECONDS = 1.0


class Service(msgspec.Struct, frozen=True):
    """What the application was made of."""

    catalog: Catalog
    policy: Policy
    settings: Settings


class Call:
    """A request. `identity` and `database` are set by the dispatcher before a handler sees it."""

    __slots__ = (
        "_admitted",
        "_admitted_at",
        "_headers",
        "_query",
        "database",
        "identity",
        "method",
        "path",
        "receive",
        "scope",
        "service",
    )

    database: Database

    def __init__(self, scope: Scope, receive: Receive, service: Service) -> None:
        self.scope = scope
        self.receive = receive
        self.service = service
        self.method: str = scope["method"]
        self.path = segments(scope)
        self.identity: object = None
        self._admitted: tuple[str | None, Access] | None = None
        self._admitted_at = 0.0
        self._headers: Mapping[bytes, bytes] | None = None
        self._query: Mapping[str, str] | None = None

    @property
    def settings(self) -> Settings:
        return self.service.settings

    def connection(self) -> HTTPConnection:
        """The request as the policy sees it."""
        return HTTPConnection(self.scope)

    async def admit(self, database: str | None, access: Access) -> None:
        """Asks the policy who this is and whether they may. Raises Unauthorized or Forbidden."""
        policy = self.service.policy
        self._admitted, self._admitted_at = (database, access), time.monotonic()
        self.identity = await policy.identify(self.connection())
        await policy.authorize(self.identity, database, access)

    async def admit_again(self) -> None:
        """Asks once more, on behalf of an answer that lasts: a revoked caller must not go on listening."""
        if self._admitted is not None:
            await self.admit(*self._admitted)

    async def admit_still(self) -> None:
        """Asks once more where the last answer is of some time ago: the body of a request may come for hours."""
        if time.monotonic() - self._admitted_at > TRUST_SECONDS:
            await self.admit_again()

    def header(self, name: bytes) -> str | None:
        """A header by its lower-case name; the last one where it is repeated."""
        if self._headers is None:
            self._headers = dict(self.scope["headers"])
        value = self._headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def query(self) -> Mapping[str, str]:
        """The query parameters; the last one where a name is repeated."""
        if self._query is None:
            raw: bytes = self.scope["query_string"]
            self._query = dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True)) if raw else _NO_QUERY
        return self._query

    def flag(self, name: str) -> bool:
        """Whether a parameter says "true"; anything else is no, as CouchDB reads them on documents and feeds."""
        return self.query.get(name) == "true"

    def accepts(self, media_type: str) -> bool:
        """Whether the client takes this type; without an Accept header it takes everything."""
        accept = self.header(b"accept")
        if accept is None:
            return True
        wanted = (media_type, media_type.partition("/")[0] + "/*", "*/*")
        for entry in accept.split(","):
            kind, _, quality = entry.partition(";")
            if kind.strip().lower() in wanted and not _REFUSED.search(quality):
                return True
        return False

    def accepts_gzip(self) -> bool:
        """Whether the answer may be packed."""
        return takes_gzip(self.header(b"accept-encoding"))

    def location(self, *path: str) -> str:
        """The absolute address of something below the mount point, as the client reaches us, by way of a proxy too.

        Of what proxies say only `X-Forwarded-Proto: https` is heard, as in CouchDB; whoever makes it up misleads nobody else.
        """
        host = self.header(b"host") or "localhost"
        scheme = "https" if self.header(b"x-forwarded-proto") == "https" else self.scope.get("scheme", "http")
        root: str = quote(self.scope.get("root_path", ""))
        return f"{scheme}://{host}{root}/" + "/".join(quote(part, safe="") for part in path)

    def require_json(self) -> None:
        """Raises BadContentType unless the body is declared to be JSON: CouchDB asks it of every POST."""
        declared = self.header(b"content-type") or ""
        if declared.partition(";")[0].strip().lower() != "application/json":
            raise BadContentType("Content-Type must be application/json")

    async def body(self, limit: int) -> bytes:
        """The whole body, gunzipped. Raises TooLarge past `limit` bytes, BadContentType for another encoding."""
        declared = self.header(b"content-length")
        if declared is not None and declared.isdecimal():
            bodies.check_size(int(declared), limit)
        return bodies.decoded(await bodies.read(self.receive, limit), self.header(b"content-encoding"), limit)

    async def question(self) -> bytes:
        """A body that brings no documents. Raises as `body` does, past `max_question_size`."""
        return await self.body(self.settings.max_question_size)

    async def document(self, doc_id: str = "") -> Document:
        """A body that is one document. Raises as `body` and `parse` do, and TooLarge past `max_document_size`."""
        return self.read(await self.body(self.settings.max_request_size), doc_id)

    def read(self, raw: bytes, doc_id: str = "") -> Document:
        """One document, which the path may have named. Raises as `parse` does, and TooLarge past `max_document_size`."""
        heavy = weighed(raw, self.settings.max_document_size)
        if heavy is not None:
            raise TooLarge(doc_id) if doc_id else heavy.error
        return parse(raw)

    async def json(self, decoder: "msgspec.json.Decoder[Any]", complaint: str) -> Any:
        """The body as the decoder's type. Raises BadRequest with `complaint` when it is JSON of another shape."""
        body = await self.question()
        try:
            return decoder.decode(body)
        except msgspec.ValidationError:
            is_array = body.lstrip().startswith(b"[")
            raise BadRequest("Request body must be a JSON object" if is_array else complaint) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise BadRequest("invalid UTF-8 JSON") from None
        except RecursionError:
            raise BadRequest("The JSON is nested too deeply") from None


def takes_gzip(accept_encoding: str | None) -> bool:
    """Whether whoever sends this Accept-Encoding header can unpack: it names gzip, and not with a quality of nought."""
    if accept_encoding is None or "gzip" not in accept_encoding:
        return False
    return not any("gzip" in entry and _REFUSED.search(entry) for entry in accept_encoding.split(","))


def segments(scope: Scope) -> tuple[str, ...]:
    """The path below the mount point, split at its own slashes and unescaped; empty segments don't count.

    Raises BadRequest for an escape that is no UTF-8. As in CouchDB a plus is a space.
    """
    raw: bytes | None = scope.get("raw_path")
    path = raw.partition(b"?")[0] if raw is not None else quote(scope["path"]).encode()
    mounted = scope.get("root_path", "").strip("/")
    parts = [part for part in path.split(b"/") if part][mounted.count("/") + 1 if mounted else 0 :]
    if b"%" not in path and b"+" not in path:
        return tuple([part.decode("latin-1") for part in parts])
    try:
        return tuple([unquote_to_bytes(part.replace(b"+", b" ")).decode() for part in parts])
    except UnicodeDecodeError:
        raise BadRequest("The path is not UTF-8") from None
