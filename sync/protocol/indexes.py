"""`_index`: Mango indexes, declared as design documents in CouchDB's own shape (CouchDB API, "/{db}/_index").

    {"language": "query", "views": {"<name>": {"map": {"fields": {"n": "asc"}, "partial_filter_selector": {…}},
                                               "reduce": "_count", "options": {"def": {"fields": ["n"]}}}}}

So they replicate to a CouchDB and are indexes there. Here a declaration says what may be sorted by and in which order
results come; nothing is kept beside the documents, and every query reads them (see `find.py`).
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from sync.databases.contract import Database, Range
from sync.documents import Document
from sync.errors import BadRequest, NotFound
from sync.protocol.call import Call
from sync.protocol.replies import OK, Json, Reply, encode, json
from sync.protocol.writing import write_one
from sync.selectors import compile_selector

_DESIGN = Range(start="_design/", end="_design0", inclusive_end=False)
_object = msgspec.json.Decoder(dict[str, Any])


class Index(msgspec.Struct, frozen=True):
    """One index: the fields it is ordered by, and the selector of the documents it is limited to."""

    ddoc: str | None
    name: str
    fields: tuple[tuple[str, str], ...]
    partial: Mapping[str, Any] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields without their directions."""
        return tuple(name for name, _ in self.fields)

    def told(self) -> dict[str, object]:
        """As `_index` and `_explain` tell of it."""
        definition: dict[str, object] = {"fields": [{name: direction} for name, direction in self.fields]}
        if self.partial:
            definition["partial_filter_selector"] = self.partial
        if self.ddoc is None:
            return {"ddoc": None, "name": self.name, "type": "special", "def": definition}
        return {"ddoc": self.ddoc, "name": self.name, "type": "json", "partitioned": False, "def": definition}


ALL_DOCS = Index(None, "_all_docs", (("_id", "asc"),))


async def indexes(database: Database) -> list[Index]:
    """All indexes there are, `_all_docs` first."""
    rows = (await database.all_docs(_DESIGN, include_docs=True)).rows
    found = [ALL_DOCS]
    for row in rows:
        body = msgspec.json.decode(row.document.body) if row.document is not None else {}
        if body.get("language") == "query":
            found.extend(_declared(row.id, body.get("views")))
    return found


def _declared(ddoc: str, views: object) -> list[Index]:
    if not isinstance(views, dict):
        return []
    found = []
    for name, view in views.items():
        mapping = view.get("map") if isinstance(view, dict) else None
        if isinstance(mapping, dict) and isinstance(mapping.get("fields"), dict):
            fields = tuple((field, str(direction)) for field, direction in mapping["fields"].items())
            found.append(Index(ddoc, name, fields, mapping.get("partial_filter_selector") or None))
    return found


async def listed(call: Call) -> Reply:
    """`GET /{db}/_index`."""
    found = await indexes(call.database)
    return json({"total_rows": len(found), "indexes": [index.told() for index in found]})


async def create(call: Call) -> Reply:
    """`POST /{db}/_index`. An index that is declared already, word for word, is no new one."""
    call.require_json()
    asked: dict[str, Any] = await call.json(_object, "Request body must be a JSON object")
    if "index" not in asked:
        raise BadRequest("Missing required key: index", error="missing_required_key")
    if asked.get("type", "json") != "json":
        raise BadRequest("Only indexes of type json are supported", error="invalid_index_type")
    definition = asked["index"]
    fields = fields_of(definition.get("fields") if isinstance(definition, dict) else None)
    partial = definition.get("partial_filter_selector") or asked.get("partial_filter_selector") or {}
    compile_selector(partial)
    unnamed = hashlib.sha1(encode([fields, partial, asked.get("name")]), usedforsecurity=False).hexdigest()
    name, ddoc = asked.get("name") or unnamed, asked.get("ddoc") or unnamed
    if not isinstance(name, str) or not isinstance(ddoc, str):
        raise BadRequest("`name` and `ddoc` must be strings", error="invalid_index_name")
    ddoc = ddoc if ddoc.startswith("_design/") else f"_design/{ddoc}"
    view: dict[str, object] = {
        "map": {"fields": dict(fields), "partial_filter_selector": explicit(partial)},
        "reduce": "_count",
        "options": {"def": definition},
    }
    result = await _declare(call, ddoc, name, view)
    return json({"result": result, "id": ddoc, "name": name})


def fields_of(listed_fields: object) -> tuple[tuple[str, str], ...]:
    """Fields with directions, from `["a", {"b": "desc"}]`. Raises BadRequest; all must have one direction."""
    if not isinstance(listed_fields, list):
        text = encode(listed_fields).decode()
        raise BadRequest(f"Sort must be an array of sort specs, not: {text}", error="invalid_sort_json")
    fields = tuple(_field(entry) for entry in listed_fields)
    if len({direction for _, direction in fields}) > 1:
        raise BadRequest(
            "Sorts currently only support a single direction for all fields.", error="unsupported_mixed_sort"
        )
    return fields


def _field(entry: object) -> tuple[str, str]:
    if isinstance(entry, str):
        return entry, "asc"
    if isinstance(entry, dict) and len(entry) == 1:
        ((name, direction),) = entry.items()
        if direction in ("asc", "desc"):
            return name, direction
    raise BadRequest(f"Invalid sort field: {encode(entry).decode()}", error="invalid_sort_field")


def explicit(selector: Mapping[str, object]) -> dict[str, object]:
    """The selector as CouchDB keeps it: equality said by its operator."""
    return {
        name: condition if name.startswith("$") or isinstance(condition, dict) else {"$eq": condition}
        for name, condition in selector.items()
    }


async def _declare(call: Call, ddoc: str, name: str, view: dict[str, object]) -> str:
    rev, body = await _design(call.database, ddoc)
    # As in CouchDB, a design document that says no language is JavaScript's.
    if rev and body.get("language") != "query":
        raise BadRequest(f"{ddoc} is a design document of another language", error="invalid_ddoc_lang")
    views = body.setdefault("views", {})
    if views.get(name) == view:
        return "exists"
    body["language"] = "query"
    views[name] = view
    await write_one(call, Document(id=ddoc, rev=rev, body=encode(body)))
    return "created"


async def _design(database: Database, ddoc: str) -> tuple[str, dict[str, Any]]:
    try:
        document = await database.get(ddoc)
    except NotFound:
        return "", {}
    return document.rev, _object.decode(document.body)


async def remove(call: Call, *path: str) -> Reply:
    """`DELETE /{db}/_index/{ddoc}/json/{name}`; the design document goes with its last index."""
    *design, kind, name = path if len(path) > 2 else ("", "", "")
    ddoc = "/".join(design)
    ddoc = ddoc if ddoc.startswith("_design/") else f"_design/{ddoc}"
    rev, body = await _design(call.database, ddoc)
    views = body.get("views", {})
    if kind != "json" or name not in views:
        raise NotFound("missing")
    del views[name]
    deleted = not views
    await write_one(call, Document(id=ddoc, rev=rev, body=b"{}" if deleted else encode(body), deleted=deleted))
    return Json(OK)
