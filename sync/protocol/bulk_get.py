"""`_bulk_get`: many revisions in one request, as JSON or as multipart (CouchDB API, `/{db}/_bulk_get`)."""

from collections.abc import AsyncGenerator, Sequence

import msgspec

from sync import multipart
from sync.databases.contract import Missing
from sync.documents import Document, check_id, generation
from sync.errors import BadRequest, SyncError
from sync.protocol import multiparts
from sync.protocol.call import Call
from sync.protocol.documents import shown_by
from sync.protocol.parameters import json_value
from sync.protocol.rendering import Shown, inline, render
from sync.protocol.replies import Reply, Stream, encode
from sync.protocol.rows import Pace

# CouchDB refuses these: they belong into the entries of `docs`.
_UNACCEPTABLE = ("open_revs", "new_edits", "w", "rev", "atts_since")


class _Wanted(msgspec.Struct):
    docs: list[msgspec.Raw]


class _Entry(msgspec.Struct):
    id: str | None = None
    rev: str | None = None
    atts_since: list[str] = []


class _Ask(msgspec.Struct, frozen=True):
    """One entry of `docs`: what to fetch, or why it can't be."""

    id: str | None
    rev: str | None = None
    known: tuple[str, ...] = ()
    error: dict[str, object] | None = None


_PARTS = 64  # entries fetched at a time for a multipart answer
_wanted = msgspec.json.Decoder(_Wanted)
_entry = msgspec.json.Decoder(_Entry)


async def bulk_get(call: Call) -> Reply:
    """For every entry its revision (all leaves where it names none), or the error in its place."""
    call.require_json()
    for name in _UNACCEPTABLE:
        if name in call.query:
            raise BadRequest(f'"{name}" query parameter is not acceptable')
    wanted: _Wanted = await call.json(_wanted, "Missing JSON list of 'docs'.")
    asks = [_ask(raw) for raw in wanted.docs]
    shown = shown_by(call)
    if call.accepts("application/json"):
        return Stream(_rows(call, asks, shown), compress=True)
    kind = "multipart/mixed" if call.accepts("multipart/mixed") else "multipart/related"
    boundary = multipart.new_boundary()
    return Stream(
        multiparts.bulk(call.database, _parts(call, asks, shown), boundary),
        headers=((b"content-type", f'{kind}; boundary="{boundary}"'.encode()),),
    )


def _ask(raw: msgspec.Raw) -> _Ask:
    try:
        entry = _entry.decode(raw)
    except (msgspec.ValidationError, UnicodeDecodeError):
        return _unreadable(raw)
    if entry.id is None:
        return _Ask(None, error=_error(None, None, "bad_request", "document id missed"))
    try:
        check_id(entry.id)
        for rev in (*entry.atts_since, *(() if entry.rev is None else (entry.rev,))):
            generation(rev)
    except SyncError as error:
        return _Ask(entry.id, error=_error(entry.id, entry.rev, error.error, error.reason))
    return _Ask(entry.id, entry.rev, tuple(entry.atts_since))


def _unreadable(raw: msgspec.Raw) -> _Ask:
    """An entry of the wrong shape; it keeps its id where it has one, so that the client can place the error.

    Raises BadRequest when it can't be read at all.
    """
    value = json_value(raw)
    if not isinstance(value, dict):
        return _Ask(None, error=_error(None, None, "bad_request", "document must be a JSON object"))
    doc_id = value.get("id") if isinstance(value.get("id"), str) else None
    reason = "Invalid rev format" if "atts_since" not in value else "att_since value must be array of revs."
    return _Ask(doc_id, error=_error(doc_id, value.get("rev"), "bad_request", reason))


def _error(doc_id: object, rev: object, error: str, reason: str) -> dict[str, object]:
    return {"id": doc_id, "rev": rev, "error": error, "reason": reason}


async def _fetch(call: Call, asks: Sequence[_Ask]) -> list[list[Document | Missing]]:
    """What the entries that can be read ask for. An entry without a revision means every leaf."""
    named = [(ask.id, ask.rev) for ask in asks if ask.error is None and ask.id is not None and ask.rev is not None]
    latest = call.flag("latest")
    found = iter(await call.database.bulk_get(named, latest=latest) if named else ())
    results: list[list[Document | Missing]] = []
    for ask in asks:
        if ask.error is not None or ask.id is None:
            results.append([])
        elif ask.rev is not None:
            results.append(next(found))
        else:
            results.append(await call.database.open_revs(ask.id, None))
    return results


def _errors(ask: _Ask, found: Sequence[Document | Missing]) -> dict[str, object] | None:
    """The error that stands for the whole entry, if nothing was found for it."""
    if ask.error is not None:
        return ask.error
    return None if found else _error(ask.id, ask.rev or "undefined", "not_found", "missing")


async def _rows(call: Call, asks: Sequence[_Ask], shown: Shown) -> AsyncGenerator[bytes, None]:
    yield b'{"results":['
    start, pace = 0, Pace()
    while start < len(asks):
        page = asks[start : start + pace.size]
        out: list[bytes] = []
        for number, (ask, found) in enumerate(zip(page, await _fetch(call, page), strict=True), start):
            out.append(b'%b{"id":%b,"docs":[' % (b"," if number else b"", encode(ask.id)))
            if (error := _errors(ask, found)) is not None:
                out.append(encode({"error": error}))
            asked = _narrowed(shown, ask)
            for index, one in enumerate(found):
                out.append(b"," if index else b"")
                if isinstance(one, Missing):
                    out.append(encode({"error": _error(one.id, one.rev, "not_found", one.reason)}))
                elif not asked.wanted(one):
                    out.append(b'{"ok":%b}' % render(one, asked))
                else:
                    out.append(b'{"ok":')
                    async for piece in inline(call.database, one, asked):
                        yield b"".join((*out, piece))
                        out.clear()
                    out.append(b"}")
            out.append(b"]}")
        start += len(page)
        pace.learn(len(page), sum(map(len, out)))
        yield b"".join(out)
    yield b"]}\n"


def _narrowed(shown: Shown, ask: _Ask) -> Shown:
    return msgspec.structs.replace(shown, known=ask.known) if ask.known else shown


async def _parts(call: Call, asks: Sequence[_Ask], shown: Shown) -> AsyncGenerator[multiparts.Entry, None]:
    for start in range(0, len(asks), _PARTS):
        page = asks[start : start + _PARTS]
        for ask, found in zip(page, await _fetch(call, page), strict=True):
            if (error := _errors(ask, found)) is not None:
                yield error
            for one in found:
                if isinstance(one, Missing):
                    yield {"rev": one.rev, "error": "not_found", "reason": one.reason}
                else:
                    yield one, _narrowed(shown, ask)
