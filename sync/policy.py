"""Who may do what: injected by the application, never imported by the engine.

The HTTP API asks `identify` and `authorize` before a database is touched, and `validate` before a document is written. It asks
the first two again before a request that was slow to come writes, and before a feed that has waited tells. The engine knows
nothing of the identity but that it is passed on.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Protocol, runtime_checkable

from starlette.requests import HTTPConnection

from sync.databases.contract import Database
from sync.documents import Document
from sync.errors import SyncError


class Access(Enum):
    """What a request is about to do to a database."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"  # create, delete, _security, _purge, _compact, _revs_limit
    LOCAL = "local"  # replication checkpoints: whoever may read a database may keep its place in it


@runtime_checkable
class Named(Protocol):
    """An identity that `_session` can show. Others may be anything; they are shown without a name."""

    @property
    def name(self) -> str | None:
        """What the identity calls itself, if anything."""

    @property
    def roles(self) -> Sequence[str]:
        """What it may do, in the application's words."""


@runtime_checkable
class Placed(Protocol):
    """An identity with `_local` documents of its own, which nobody else sees. The others share theirs."""

    @property
    def place(self) -> str:
        """Names the place, without a colon; empty for none."""


class Policy(Protocol):
    """The application's rules, as the HTTP API calls them."""

    async def identify(self, connection: HTTPConnection) -> object:
        """Who is asking. Raises Unauthorized."""

    async def authorize(self, identity: object, database: str | None, access: Access) -> None:
        """Raises Unauthorized or Forbidden. `database` is None for the server itself (`_all_dbs`)."""

    async def validate(
        self, identity: object, database: Database, documents: Sequence[Document]
    ) -> list[SyncError | None]:
        """For each document that is about to be written the error that refuses it, or None. Never raises for one document."""


class Open:
    """Everybody may do everything: for the engine alone on loopback, and for tests."""

    async def identify(self, connection: HTTPConnection) -> object:
        return None

    async def authorize(self, identity: object, database: str | None, access: Access) -> None:
        return None

    async def validate(
        self, identity: object, database: Database, documents: Sequence[Document]
    ) -> list[SyncError | None]:
        return [None] * len(documents)
