"""Settling conflicting revisions, the same way on every server and in every order.

    leaves (concurrent revisions) ─┬─ sheets: the larger numbers of every counter        ─► one body to write on
      and their common ancestor,   └─ others: field by field, the later edit of a field     the winning revision;
      when it is still known                                                                the losing values, named

Two servers that merge the same leaves produce the same content on the same parent, hence the same revision: their merges meet
instead of conflicting again. Closings are immutable and never merged.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import msgspec
from msgspec import Struct

from server.domain import counting
from server.domain.documents import Moment, Overruled, Sheet
from server.domain.errors import Invalid

Body = Mapping[str, Any]

_ABSENT = object()
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
BOOKKEEPING = frozenset({"edited", "overruled", "schema"})
"""Fields that say something of the others."""


class Leaf(Struct, frozen=True):
    """One undeleted leaf of a revision tree: its revision (`<generation>-<hash>`) and its body, envelope or not."""

    rev: str
    body: Body

    @property
    def rank(self) -> tuple[int, str]:
        """Order leaves as CouchDB does when it chooses a winner: by generation, then by hash."""
        generation, _, digest = self.rev.partition("-")
        return int(generation), digest


class Merged(Struct, frozen=True):
    """The outcome: `body` is to be written as a child of `parent`, the leaves of `obsolete` are to be deleted.

    `overruled` are the values this merge decided against; the body of an editable document also keeps them (and earlier ones)
    under its own `overruled`, so that they travel with it until somebody has looked.
    """

    parent: str
    obsolete: tuple[str, ...]
    body: dict[str, Any]
    overruled: tuple[Overruled, ...] = ()


def merge(leaves: Sequence[Leaf], ancestor: Body | None = None) -> Merged | None:
    """Settle the leaves of one document; None where nothing may be merged (a single leaf, or closings).

    `ancestor` is the newest revision all leaves descend from, if its body is still there. Without it a value nobody touched on
    one side cannot be told from an edit, so it may be reported as overruled though nobody cared for it.
    """
    ranked = sorted(leaves, key=lambda leaf: leaf.rank, reverse=True)
    if len(ranked) < 2 or ranked[0].body.get("type") == "closing":
        return None
    parent, obsolete = ranked[0].rev, tuple(leaf.rev for leaf in ranked[1:])
    if ranked[0].body.get("type") == "sheet":
        return Merged(parent, obsolete, _merge_sheets(ranked))
    body, overruled = _merge_fields(ranked, ancestor)
    return Merged(parent, obsolete, body, tuple(overruled))


def lost_value(one: Overruled) -> Any:
    """Read a losing value, to put it back. Raises `Invalid` for what no merge wrote: no JSON, or no field of a body's own."""
    if one.field.startswith("_") or one.field in BOOKKEEPING:
        raise Invalid("overruled", "Not a field that anybody edits")
    try:
        return msgspec.json.decode(one.value or "null")
    except (msgspec.DecodeError, RecursionError):
        raise Invalid("overruled", "Not a value", "json") from None


def _merge_sheets(ranked: Sequence[Leaf]) -> dict[str, Any]:
    """Join the counters, and keep what else any copy holds, the winner's first."""
    joined = reduce(counting.merge, (msgspec.convert(leaf.body, Sheet) for leaf in ranked))
    known: dict[counting.LineKey, dict[str, Any]] = {}
    body: dict[str, Any] = {}
    for leaf in reversed(ranked):
        body.update(_content(leaf.body))
        known.update({(line["to"], line["kind"], line.get("origin", "here")): line for line in leaf.body["letters"]})
    counted = msgspec.to_builtins(joined)
    letters = [known[line["to"], line["kind"], line["origin"]] | line for line in counted["letters"]]
    heads = body["heads"] | counted["heads"]
    return _ordered(body | {"schema": joined.schema, "heads": heads, "letters": letters})


def _merge_fields(ranked: Sequence[Leaf], ancestor: Body | None) -> tuple[dict[str, Any], list[Overruled]]:
    edits = [_edits(leaf.body) for leaf in ranked]
    body: dict[str, Any] = {}
    overruled: list[Overruled] = []
    for field in sorted({field for leaf in ranked for field in _content(leaf.body)} - BOOKKEEPING):
        # Latest first; `ranked` is already in the order that settles equal times, and sorting is stable.
        order = sorted(range(len(ranked)), key=lambda index: edits[index].get(field, _NEVER), reverse=True)
        candidates = _touched(field, [ranked[index] for index in order], ancestor)
        chosen = candidates[0].body.get(field, _ABSENT)
        if chosen is not _ABSENT:
            body[field] = chosen
        overruled.extend(_losers(field, candidates))
    body["schema"] = max(leaf.body["schema"] for leaf in ranked)
    if any(edits):
        body["edited"] = _latest_edits(ranked, edits)
    queue = _queue(ranked, ancestor, overruled)
    if queue:
        body["overruled"] = queue
    return _ordered(body), overruled


def _touched(field: str, leaves: Sequence[Leaf], ancestor: Body | None) -> Sequence[Leaf]:
    """Leave out the leaves that left a field as their ancestor had it, unless all did.

    Without an ancestor, leave out those that lack the field: they may come from a client that never knew it.
    """
    if ancestor is None:
        return [leaf for leaf in leaves if field in leaf.body]
    before = _text(ancestor.get(field, _ABSENT))
    return [leaf for leaf in leaves if _text(leaf.body.get(field, _ABSENT)) != before] or leaves


def _losers(field: str, candidates: Sequence[Leaf]) -> Iterable[Overruled]:
    seen = {_text(candidates[0].body.get(field, _ABSENT))}
    for leaf in candidates[1:]:
        text = _text(leaf.body.get(field, _ABSENT))
        if text not in seen:
            seen.add(text)
            yield Overruled(field, text, leaf.rev)


def _queue(ranked: Sequence[Leaf], ancestor: Body | None, added: Sequence[Overruled]) -> list[dict[str, Any]]:
    """Unite the queues of all leaves, without what one of them has dismissed since the ancestor, and add to them."""
    queues = [{_text(entry): entry for entry in leaf.body.get("overruled", [])} for leaf in ranked]
    before = {_text(entry) for entry in (ancestor or {}).get("overruled", [])}
    dismissed = {text for text in before if any(text not in queue for queue in queues)}
    united = {text: entry for queue in queues for text, entry in queue.items() if text not in dismissed}
    united |= {_text(entry): entry for entry in msgspec.to_builtins(added)}
    return sorted(united.values(), key=lambda entry: (entry["field"], entry["rev"], entry["value"] or ""))


def _latest_edits(ranked: Sequence[Leaf], edits: Sequence[Mapping[str, dt.datetime]]) -> dict[str, str]:
    """Keep each field's latest time as it was spelt, the winner's spelling where two are the same moment."""
    latest: dict[str, tuple[dt.datetime, str]] = {}
    for leaf, times in zip(ranked, edits, strict=True):
        for field, moment in times.items():
            if field not in latest or moment > latest[field][0]:
                latest[field] = (moment, leaf.body["edited"][field])
    return {field: spelling for field, (_, spelling) in sorted(latest.items())}


def _edits(body: Body) -> dict[str, dt.datetime]:
    return msgspec.convert(body.get("edited", {}), dict[str, Moment])


def _content(body: Body) -> dict[str, Any]:
    return {field: value for field, value in body.items() if not field.startswith("_")}


def _ordered(body: Body) -> dict[str, Any]:
    return dict(sorted(body.items()))


def _text(value: object) -> str | None:
    """Spell a value as JSON in one way, so that equal values are equal texts and 1 is not true; None for no value."""
    return None if value is _ABSENT else msgspec.json.encode(value, order="sorted").decode()
