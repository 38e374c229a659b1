"""The digest of a peer: asked for where the peer keeps one, else made here from its changes feed."""

from collections.abc import Sequence
from typing import TypeVar

import anyio
import msgspec

from sync.databases.contract import START, Database, Node
from sync.databases.http.peer import Peer
from sync.digests import DigestTree
from sync.errors import BadRequest, NotFound, NotSupported

_PAGE = 5000  # rows of the feed a request asks for
# What peers say that know no `_digest`: CouchDB takes it for a document or a wrong method.
_LACKING = (BadRequest, NotFound, NotSupported)


class _Nodes(msgspec.Struct):
    nodes: list[Node]


class _Leaves(msgspec.Struct):
    leaves: dict[str, tuple[str, ...]]


_T = TypeVar("_T")
_nodes = msgspec.json.Decoder(_Nodes)
_leaves = msgspec.json.Decoder(_Leaves)


class Proof:
    """The digest tree of `database`, which is `path` on the peer.

    Made here, the tree is kept, and only what changed since is read again. A feed doesn't tell what was purged: a tree
    made before a purge still holds it.
    """

    def __init__(self, peer: Peer, path: str, database: Database) -> None:
        self._peer = peer
        self._path = path
        self._database = database
        self._tree = DigestTree()
        self._asks = True
        self._seq = START
        self._lock = anyio.Lock()

    async def nodes(self, prefixes: Sequence[str]) -> list[Node]:
        """As the contract's `digest`."""
        answer = await self._ask(_nodes, {"prefixes": prefixes})
        return (await self._made()).nodes(prefixes) if answer is None else answer.nodes

    async def leaves(self, prefix: str) -> dict[str, tuple[str, ...]]:
        """As the contract's `digest_leaves`."""
        answer = await self._ask(_leaves, {"leaves": prefix})
        return (await self._made()).leaves(prefix) if answer is None else answer.leaves

    async def _ask(self, decoder: msgspec.json.Decoder[_T], question: object) -> _T | None:
        if not self._asks:
            return None
        try:
            return await self._peer.ask(decoder, "POST", self._path + "/_digest", body=question)
        except _LACKING:
            self._asks = False
            return None

    async def _made(self) -> DigestTree:
        async with self._lock:
            while True:
                page = await self._database.changes(self._seq, limit=_PAGE, all_leaves=True)
                for row in page.rows:
                    self._tree.put(row.id, row.revs)
                self._seq = page.last_seq
                if not page.rows:
                    return self._tree
