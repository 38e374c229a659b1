"""From a request to an identity, and the rules of the domain as the engine's `Policy`.

Authorization: Bearer <token>  ─┐
Cookie: <session>  ─ own page? ─┴─► device ─► Devices.identify ─► Identity ─► domain.validation
"""

from collections.abc import Collection, Sequence

from starlette.requests import HTTPConnection

from server.auth.devices import Devices
from server.auth.errors import AuthError, NotAllowed, NotEnrolled
from server.auth.origin import is_safe, require_own_page
from server.auth.tokens import Tokens
from server.domain import validation
from server.domain.errors import DomainError
from server.domain.identifiers import REGISTER
from server.domain.identity import Access as DomainAccess
from server.domain.identity import Identity
from server.quarantine import Quarantine
from sync.databases.contract import Database
from sync.documents import Document
from sync.errors import Forbidden, SyncError, Unauthorized
from sync.policy import Access

# Whoever may read a database may keep its place in it; each has a place of its own (sync.policy.Placed).
_ACCESS: dict[Access, DomainAccess] = {
    Access.READ: "read",
    Access.LOCAL: "read",
    Access.WRITE: "write",
    Access.ADMIN: "admin",
}


class Doorkeeper:
    """Tells who is asking. One for all doors: the database API, the JSON endpoints and the pages."""

    def __init__(self, devices: Devices, tokens: Tokens, public_url: str) -> None:
        self.devices = devices
        self.tokens = tokens
        self.public_url = public_url
        # Over https a cookie of this prefix can't be set by another host or over http (RFC 6265bis).
        self.cookie = "__Host-otkrytka" if self.secure else "otkrytka"

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over https, so that cookies must never travel without it."""
        return self.public_url.startswith("https:")

    async def identify(self, connection: HTTPConnection) -> Identity:
        """The identity of a request. Raises NotEnrolled; CrossSite where a session is used from another site's page."""
        return await self.devices.identify(*self.shown(connection))

    async def require(self, connection: HTTPConnection, *roles: str) -> Identity:
        """The same, for a door that only some roles may pass. Raises NotAllowed."""
        identity = await self.identify(connection)
        if identity.role not in roles:
            raise NotAllowed(f"This is for the roles {' and '.join(roles)}; this device is a {identity.role}.")
        return identity

    def device_of(self, connection: HTTPConnection) -> str:
        """The device a request speaks for, whether it is still let in or not. Raises NotEnrolled, and CrossSite as above."""
        return self.shown(connection)[0]

    def shown(self, connection: HTTPConnection) -> tuple[str, str | None]:
        """The device a request speaks for, and the session where it comes from a browser. Raises as `device_of` does."""
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme:
            if scheme.lower() != "bearer":
                raise NotEnrolled("Show the device token as a bearer token.")
            return self.tokens.device_of_token(token.strip()), None
        cookie = connection.cookies.get(self.cookie)
        if cookie is None:
            raise NotEnrolled("Join with an invite first.")
        if not is_safe(connection):
            require_own_page(connection, self.public_url)
        return self.tokens.session_of(cookie)


class DomainPolicy:
    """The domain's rules, in the engine's words and with its errors."""

    def __init__(self, doorkeeper: Doorkeeper, quarantine: Quarantine, *, hub: bool = False) -> None:
        """At a `hub` the register is read only: it is kept upstream, and what was written here would never get there."""
        self._doorkeeper = doorkeeper
        self._quarantine = quarantine
        self._hub = hub

    async def identify(self, connection: HTTPConnection) -> Identity:
        """Who is asking. Raises Unauthorized, or Forbidden for a request from another site's page."""
        try:
            return await self._doorkeeper.identify(connection)
        except NotEnrolled as error:
            raise Unauthorized(error.reason, rule=error.rule) from None
        except AuthError as error:
            raise Forbidden(error.reason) from None

    async def authorize(self, identity: object, database: str | None, access: Access) -> None:
        """Raises Forbidden. The server as a whole (`_all_dbs`) is shown to national coordinators."""
        known = _known(identity)
        if database is None:
            if known.role != "national" or access is not Access.READ:
                raise Forbidden("This is for national coordinators.")
            return
        if self._hub and database == REGISTER and access is Access.WRITE:
            raise Forbidden("The register is kept by the server this hub reports to.")
        try:
            validation.authorize(database, known, _ACCESS[access])
        except DomainError as error:
            raise _told(error) from None

    async def validate(
        self, identity: object, database: Database, documents: Sequence[Document]
    ) -> list[SyncError | None]:
        """The error that refuses each document, or None; stored revisions are read at once, and only where a rule asks."""
        known = _known(identity)
        judged_by_stored = {document.id for document in documents if validation.asks_for_stored(document.id, known)}
        stored = await _stored(database, judged_by_stored)
        of_devices = await self._of_devices(judged_by_stored, known)
        verdicts = []
        for document in documents:
            before, of_device = stored.get(document.id), document.id in of_devices
            verdict = _refusal(document, before, known, database.name, of_device=of_device)
            verdicts.append(verdict)
            if verdict is None and document.id in judged_by_stored and not document.deleted:
                stored.setdefault(document.id, document.body)  # the next of this id in the batch is judged by this one
        judged = {one.id: verdict for one, verdict in zip(documents, verdicts, strict=True)}
        await self._quarantine.note(known, database.name, judged)
        return [_told(verdict) if verdict else None for verdict in verdicts]

    async def _of_devices(self, ids: Collection[str], identity: Identity) -> set[str]:
        """The ids of sheets that other enrolled devices count on."""
        named = {one: one.rpartition(":")[2] for one in ids if validation.names_other_device(one, identity)}
        enrolled = await self._doorkeeper.devices.enrolled(named.values()) if named else frozenset()
        return {one for one, device in named.items() if device in enrolled}


async def _stored(database: Database, ids: Collection[str]) -> dict[str, bytes]:
    if not ids:
        return {}
    found = await database.bulk_get([(one, None) for one in sorted(ids)])
    return {one.id: one.body for [one] in found if isinstance(one, Document) and not one.deleted}


def _refusal(
    document: Document, stored: bytes | None, identity: Identity, database: str, *, of_device: bool
) -> DomainError | None:
    try:
        if document.attachments:
            validation.validate_attachments(database)
        if document.deleted:
            validation.validate_deletion(document.id, identity, database)
        else:
            validation.validate_bytes(document.id, document.body, stored, identity, database, of_device=of_device)
    except DomainError as error:
        return error
    return None


def _told(error: DomainError) -> Forbidden:
    """A refusal as it goes over the wire: its words, and the rule's name for clients that have words of their own."""
    return Forbidden(str(error), rule=error.rule, path=error.path)


def _known(identity: object) -> Identity:
    if not isinstance(identity, Identity):
        raise Unauthorized("Nobody is known to ask.")
    return identity
