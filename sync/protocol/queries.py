"""What a Mango query asks for, and which of the declared indexes it goes by (CouchDB API, "/{db}/_find")."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sync.errors import BadRequest
from sync.protocol.indexes import ALL_DOCS, Index, fields_of
from sync.selectors import compile_selector

_LIMIT = 25  # CouchDB's default
_IMPLICIT = ("_id", "_rev")
NIL = "nil"  # the bookmark of the beginning


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A query whose parameters have been read."""

    selector: Mapping[str, Any]
    fields: tuple[str, ...]
    sort: tuple[tuple[str, str], ...]
    limit: int
    skip: int
    bookmark: str
    use_index: tuple[str, ...]
    conflicts: bool
    execution_stats: bool

    @property
    def descending(self) -> bool:
        return bool(self.sort) and self.sort[0][1] == "desc"


def read(asked: Mapping[str, Any]) -> Query:
    """Raises BadRequest naming the parameter that makes no sense."""
    if "selector" not in asked:
        raise BadRequest("Missing required key: selector", error="missing_required_key")
    selector = asked["selector"]
    if not isinstance(selector, dict):
        text = msgspec.json.encode(selector).decode()
        raise BadRequest(f"Selector must be a JSON object, not: {text}", error="invalid_selector_json")
    compile_selector(selector)
    return Query(
        selector=selector,
        fields=_names(asked.get("fields") or []),
        sort=fields_of(asked.get("sort", [])),
        limit=_natural(asked.get("limit", _LIMIT)),
        skip=_natural(asked.get("skip", 0)),
        bookmark=_text(asked.get("bookmark") or NIL),
        use_index=_used(asked.get("use_index") or []),
        conflicts=asked.get("conflicts") is True,
        execution_stats=asked.get("execution_stats") is True,
    )


def _names(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise BadRequest(
            f"Fields must be an array of strings, not: {msgspec.json.encode(given).decode()}", error="invalid_fields"
        )
    return tuple(given)


def _natural(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise BadRequest(f"{given} is not an integer greater than or equal to zero", error="invalid_non_neg_integer")
    return given


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise BadRequest("Invalid bookmark value", error="invalid_bookmark")
    return given


def _used(given: object) -> tuple[str, ...]:
    """The design document, and maybe the name, of the index the client wants."""
    if isinstance(given, str):
        ddoc, slash, name = given.removeprefix("_design/").partition("/")
        return (f"_design/{ddoc}", name) if slash else (f"_design/{ddoc}",)
    if isinstance(given, list) and 1 <= len(given) <= 2 and all(isinstance(part, str) for part in given):
        ddoc = given[0] if given[0].startswith("_design/") else f"_design/{given[0]}"
        return (ddoc, *given[1:])
    return ()


def choose(query: Query, known: Sequence[Index]) -> tuple[Index, str]:
    """The index the query goes by, and a warning where the client should know of it.

    An index serves if all its fields are in every matching document and its order is the one asked for. Of several that
    do, the one that leaves the fewest fields unbounded. Raises BadRequest where none has the order.
    """
    usable = [index for index in known if index.partial is None and _serves(index, query)]
    wanted = [index for index in known if query.use_index and _is_named(index, query.use_index)]
    served = [index for index in wanted if _serves(index, query)]
    if not usable and not served:
        raise BadRequest("No index exists for this sort, try indexing by the sort fields.", error="no_usable_index")
    best = min(served or usable, key=lambda index: _rank(index, query))
    if query.use_index and not served:
        named = ", ".join(query.use_index)
        return best, f"{named} was not used because it does not contain a valid index for this query."
    if best is ALL_DOCS:
        return best, "No matching index found, create an index to optimize query time."
    return best, ""


def _is_named(index: Index, use_index: tuple[str, ...]) -> bool:
    return index.ddoc == use_index[0] and (len(use_index) == 1 or index.name == use_index[1])


def _serves(index: Index, query: Query) -> bool:
    sort = tuple(name for name, _ in query.sort)
    if index is ALL_DOCS:
        return sort in ((), ("_id",))
    required = set(index.columns) - set(sort) - set(_IMPLICIT)
    return required <= required_fields(query.selector) and _orders(index.columns, sort, query.selector)


def _orders(columns: tuple[str, ...], sort: tuple[str, ...], selector: object) -> bool:
    """Whether walking the columns in order is the order asked for; columns that are constant don't count."""
    constant = constant_fields(selector)
    while columns[: len(sort)] != sort:
        if not columns or columns[0] not in constant:
            return False
        columns = columns[1:]
    return True


def _rank(index: Index, query: Query) -> tuple[Any, ...]:
    if index is ALL_DOCS:
        return (1,)
    ranged = ranged_fields(query.selector)
    bounded = next((at for at, name in enumerate(index.columns) if name not in ranged), len(index.columns))
    return (0, len(index.columns) - bounded, len(index.columns), index.ddoc, index.name)


def write_bookmark(place: Sequence[object]) -> str:
    """Where the next page begins: behind the row with these column values and this id."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode()


def read_bookmark(bookmark: str) -> list[Any] | None:
    """The place a bookmark stands for; None for the beginning. Raises BadRequest."""
    if bookmark == NIL:
        return None
    try:
        place: list[Any] = msgspec.json.decode(base64.urlsafe_b64decode(bookmark), type=list[Any])
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise BadRequest("Invalid bookmark value", error="invalid_bookmark") from None
    return place


def required_fields(selector: object) -> frozenset[str]:
    """Fields that every matching document has: those with a condition in every alternative."""
    found: set[str] = set()
    if not isinstance(selector, Mapping):
        return frozenset()
    for name, condition in selector.items():
        if name == "$and" and isinstance(condition, list):
            found.update(*(required_fields(part) for part in condition))
        elif name == "$or" and isinstance(condition, list) and condition:
            found.update(frozenset.intersection(*(required_fields(part) for part in condition)))
        elif not name.startswith("$"):
            found.update(_fields_within(name, condition))
    return frozenset(found)


def _fields_within(name: str, condition: object) -> set[str]:
    """ "a" for {"a": 1}, "a.b" for {"a": {"b": 1}}, nothing for {"a": {"$exists": false}}."""
    if not isinstance(condition, Mapping) or not condition:
        return {name}
    if any(key.startswith("$") for key in condition):
        return set() if condition.get("$exists") is False else {name}
    return {f"{name}.{inner}" for member, value in condition.items() for inner in _fields_within(member, value)}


def constant_fields(selector: object) -> frozenset[str]:
    """Fields that have the same value in every matching document."""
    if not isinstance(selector, Mapping):
        return frozenset()
    found: set[str] = set()
    for name, condition in selector.items():
        if name == "$and" and isinstance(condition, list):
            found.update(*(constant_fields(part) for part in condition))
        elif not name.startswith("$") and (not isinstance(condition, Mapping) or "$eq" in condition):
            found.add(name)
    return frozenset(found)


def ranged_fields(selector: object) -> frozenset[str]:
    """Fields whose condition bounds a range of values, so that an index on them narrows the search."""
    if not isinstance(selector, Mapping):
        return frozenset()
    found: set[str] = set()
    for name, condition in selector.items():
        if name == "$and" and isinstance(condition, list):
            found.update(*(ranged_fields(part) for part in condition))
        elif not name.startswith("$") and (not isinstance(condition, Mapping) or _BOUNDS & condition.keys()):
            found.add(name)
    return frozenset(found)


_BOUNDS = frozenset(("$eq", "$lt", "$lte", "$gt", "$gte", "$beginsWith"))
