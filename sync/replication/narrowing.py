"""Proof that two databases hold the same, and finding what differs where they don't.

digest("")      the roots differ: look at their children
digest(a, 3f)   of these again, level by level: one request to each side a level, whatever the number of documents
digest_leaves   once a node has few revisions: which ids, and which leaves of them, each side has
"""

from collections.abc import Sequence
from functools import partial

import msgspec

from sync.databases.contract import Change, Database, Node
from sync.replication.backoff import Backoff
from sync.replication.options import Options, Report
from sync.replication.parallel import in_parallel
from sync.replication.replicator import Replication

_FEW = 64  # leaf revisions that are cheaper to list than to narrow further
_REQUESTS = 4
_PREFIXES = 256  # in one request


class Disagreement(msgspec.Struct, frozen=True):
    """One document that is not the same on both sides: the leaf revisions each has, sorted; empty where it has none."""

    id: str
    source: tuple[str, ...]
    target: tuple[str, ...]


async def agree(source: Database, target: Database) -> bool:
    """Whether both hold the same leaf revisions of the same documents."""
    (source_root, *_), (target_root, *_) = await source.digest(), await target.digest()
    return source_root.hash == target_root.hash


async def narrow(source: Database, target: Database) -> list[Disagreement]:
    """Every document whose leaves differ, by id. Takes O(log n) requests for each, and none of them reads a document."""
    open_prefixes, few = [""], list[str]()
    while open_prefixes:
        differing = await _differing_children(source, target, open_prefixes)
        few += [prefix for prefix, count in differing.items() if count <= _FEW]
        open_prefixes = [prefix for prefix, count in differing.items() if count > _FEW]
    found = await in_parallel(_REQUESTS, [partial(_compare, source, target, prefix) for prefix in few])
    return sorted((one for some in found for one in some), key=lambda one: one.id)


async def _differing_children(source: Database, target: Database, prefixes: Sequence[str]) -> dict[str, int]:
    """Children of these nodes that differ, with the larger of both counts. An equal root has none."""
    differing: dict[str, int] = {}
    for start in range(0, len(prefixes), _PREFIXES):
        some = prefixes[start : start + _PREFIXES]
        ours, theirs = _by_prefix(await source.digest(some)), _by_prefix(await target.digest(some))
        for prefix in ours.keys() - set(some):
            if ours[prefix].hash != theirs[prefix].hash:
                differing[prefix] = max(ours[prefix].count, theirs[prefix].count)
    return differing


def _by_prefix(nodes: Sequence[Node]) -> dict[str, Node]:
    return {node.prefix: node for node in nodes}


async def _compare(source: Database, target: Database, prefix: str) -> list[Disagreement]:
    ours, theirs = await source.digest_leaves(prefix), await target.digest_leaves(prefix)
    return [
        Disagreement(doc_id, ours.get(doc_id, ()), theirs.get(doc_id, ()))
        for doc_id in ours.keys() | theirs
        if ours.get(doc_id) != theirs.get(doc_id)
    ]


async def reoffer(
    source: Database,
    target: Database,
    disagreements: Sequence[Disagreement],
    options: Options | None = None,
    *,
    backoff: Backoff | None = None,
) -> Report:
    """Offers the source's side of these documents to the target once more, whatever the checkpoints say.

    For both directions call it twice, sides exchanged (`mirrored`). Raises what `replicate` raises.
    """
    replication = Replication(source, target, options or Options(), None, backoff or Backoff())
    rows = [Change("0", one.id, one.source) for one in disagreements if one.source]
    return await replication.copy_only(rows)


def mirrored(disagreements: Sequence[Disagreement]) -> list[Disagreement]:
    """The same disagreements seen from the other side."""
    return [Disagreement(one.id, one.target, one.source) for one in disagreements]
