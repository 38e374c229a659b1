"""Which rows of `_changes` a reader wants: `_doc_ids`, `_selector`, `_design`, or everything (CouchDB API, "Filtering").

A filter written in JavaScript is refused: no user code runs here.
"""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from sync.databases.contract import Change, Database
from sync.documents import UNREADABLE, Document
from sync.errors import BadRequest, NotFound, NotSupported
from sync.protocol.call import Call
from sync.protocol.parameters import json_value
from sync.selectors import Selector, compile_selector

# Takes a row and answers it as the reader shall see it, or None.
Filter = Callable[[Change], Awaitable[Change | None]]


class Choice(msgspec.Struct, frozen=True):
    """What the store can choose itself (`doc_ids`), and what is looked at row by row, with the document if it must be."""

    doc_ids: Sequence[str] | None = None
    keep: Filter | None = None
    needs_documents: bool = False


class _Body(msgspec.Struct):
    doc_ids: object = None
    selector: object = None


_body = msgspec.json.Decoder(_Body)


async def choose(call: Call) -> Choice:
    """The filter the query and the body name. Raises BadRequest, NotFound or NotSupported."""
    name = call.query.get("filter", "")
    body = _Body()
    if call.method == "POST":
        call.require_json()
        if raw := await call.question():
            body = _parse(raw)
    match name:
        case "":
            return Choice()
        case "_doc_ids":
            return Choice(doc_ids=_doc_ids(call, body))
        case "_selector":
            return _by_selector(call.database, body)
        case "_design":
            return Choice(keep=_is_design)
        case "_view":
            return await _refuse_view(call)
        case _ if name.startswith("_"):
            raise BadRequest("unknown builtin filter name")
        case _:
            return await _refuse_function(call.database, name, "filters", "filter")


def _parse(raw: bytes) -> _Body:
    try:
        return _body.decode(raw)
    except msgspec.ValidationError:
        raise BadRequest("Request body must be a JSON object") from None
    except UNREADABLE:
        raise BadRequest("invalid UTF-8 JSON") from None


def _doc_ids(call: Call, body: _Body) -> list[str]:
    ids = body.doc_ids if call.method == "POST" else json_value(call.query.get("doc_ids", "null"))
    if not isinstance(ids, list) or not all(isinstance(doc_id, str) for doc_id in ids):
        raise BadRequest("`doc_ids` filter parameter is not a list of doc ids.")
    return ids


async def _is_design(change: Change) -> Change | None:
    return change if change.id.startswith("_design/") else None


def _by_selector(database: Database, body: _Body) -> Choice:
    try:
        selector = compile_selector(body.selector)
    except BadRequest as error:
        raise BadRequest(error.reason) from None  # CouchDB has no names for a selector's errors here

    async def keep(change: Change) -> Change | None:
        if len(change.revs) == 1 and change.document is not None:
            return change if _matches(selector, change.document) else None
        leaves = await database.open_revs(change.id, change.revs)
        passed = tuple(leaf.rev for leaf in leaves if isinstance(leaf, Document) and _matches(selector, leaf))
        return msgspec.structs.replace(change, revs=passed) if passed else None

    return Choice(keep=keep, needs_documents=True)


def _matches(selector: Selector, document: Document) -> bool:
    value = msgspec.json.decode(document.body)
    value["_id"] = document.id
    value["_rev"] = document.rev
    if document.deleted:
        value["_deleted"] = True
    return selector(value)


async def _refuse_view(call: Call) -> Choice:
    view = call.query.get("view", "")
    if not view:
        raise BadRequest("`view` filter parameter is not provided.")
    return await _refuse_function(call.database, view, "views", "view")


async def _refuse_function(database: Database, name: str, member: str, word: str) -> Choice:
    """Raises NotFound while there is nothing to run, as CouchDB does, and NotSupported when there is."""
    design, slash, function = name.partition("/")
    if not slash or "/" in function:
        raise BadRequest(f"`{word}` must be of the form `designname/{word}name`")
    await missing_function(database, f"_design/{design}", member, function)
    raise NotSupported(f"No JavaScript runs on this server: the {word} {name} can't be used")


async def missing_function(database: Database, design_id: str, member: str, function: str) -> None:
    """Raises NotFound unless the design document has this member's function."""
    design = msgspec.json.decode((await database.get(design_id)).body)
    functions = design.get(member)
    if member == "views" and (not isinstance(functions, dict) or function not in functions):
        raise NotFound("missing_named_view")
    if not isinstance(functions, dict):
        raise NotFound(f"missing json key: {member}")
    if function not in functions:
        raise NotFound(f"missing json key: {function}")
