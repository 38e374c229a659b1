"""Mango selectors: which documents a JSON condition means (CouchDB API, "Selector Syntax").

    {"kind": "letters", "heads": {"$gt": 10}}     both hold
    {"place": {"city": "Moscow"}}                 the member "place.city"
    {"$or": [{…}, {…}]}                           combinations may nest

A selector is compiled once into a predicate. A condition on a member that is not there is false, and so is its
negation: only `{"$exists": false}` holds there, and not even that where no member can be, as "place.city" of
{"place": "Moscow"}. Values of different types never are equal; their order is CouchDB's:
null, false, true, numbers, strings, arrays, objects. Strings compare by code point, where CouchDB collates by ICU.

A `$regex` is searched for by RE2, in time linear in the text: with Python's own engine, or PCRE as in CouchDB, a pattern
can be written that takes for ever, and whoever may read could stop everybody else. Where RE2 is not installed there is
no `$regex`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sync.errors import BadRequest, NotSupported

try:
    import re2
except ImportError:  # there is no build for this machine
    re2 = None

Selector = Callable[[Any], bool]


class _Missing:
    """Stands for a member that is not there."""


_MISSING: Final = _Missing()
_ASTRAY: Final = _Missing()  # nor can it be: the way to it leads through a text, a number or beyond the end of an array
_PATTERN_MEMORY = 1 << 20  # bytes a compiled $regex may take
_DIGITS = 10  # more than any array has members
_MAX_CONDITIONS = 1000  # values in a selector, each of which is held against every document


def compile_selector(selector: object) -> Selector:
    """The predicate of a selector.

    Raises BadRequest naming the operator or argument that makes no sense, NotSupported for a pattern.
    """
    if not isinstance(selector, Mapping):
        raise BadRequest("Selector error: expected a JSON object")
    if _size_of(selector) > _MAX_CONDITIONS:
        raise BadRequest(f"Selector error: more than {_MAX_CONDITIONS} values")
    try:
        predicate = _compile(selector, negated=False)
    except RecursionError:
        raise BadRequest("Selector error: nested too deeply") from None
    return lambda value: _holds(predicate, value)


def _size_of(selector: object) -> int:
    """How many values a selector consists of, itself among them."""
    count, unseen = 0, [selector]
    while unseen and count <= _MAX_CONDITIONS:
        value = unseen.pop()
        count += 1
        if isinstance(value, Mapping):
            unseen.extend(value.values())
        elif isinstance(value, list):
            unseen.extend(value)
    return count


def _holds(predicate: Selector, value: object) -> bool:
    """Whether a document matches; one nested deeper than can be compared does not."""
    try:
        return predicate(value)
    except RecursionError:
        return False


def _compile(condition: object, *, negated: bool) -> Selector:
    if not isinstance(condition, Mapping):
        return _leaf(_equals(condition), negated=negated)
    parts = [_member(name, argument, negated=negated) for name, argument in condition.items()]
    if len(parts) == 1:
        return parts[0]
    return _any_of(parts) if negated else _all_of(parts)


def _member(name: str, argument: object, *, negated: bool) -> Selector:
    if name.startswith("$"):
        return _operator(name, argument, negated=negated)
    path = split_path(name)
    if path == ("_id",):
        argument = _condition_on_id(argument)
    inner = _compile(argument, negated=negated) if argument != {} else _leaf(_equals({}), negated=negated)
    return lambda value: (found := lookup(value, path)) is not _ASTRAY and inner(found)


def _condition_on_id(condition: object) -> object:
    """Ids are strings; a bound of any other type comes before all of them, as CouchDB walks its index of ids."""
    if not isinstance(condition, Mapping):
        return condition
    return {
        name: None if name in ("$lt", "$lte", "$gt", "$gte") and not isinstance(argument, str) else argument
        for name, argument in condition.items()
    }


def split_path(name: str) -> tuple[str, ...]:
    """The members a field name walks through: "a.b" is two, "a\\.b" is one; "\\$a" is no operator."""
    if name.startswith("\\$"):
        name = name[1:]
    return tuple(part.replace("\\.", ".") for part in re.split(r"(?<!\\)\.", name))


def lookup(value: object, path: Sequence[str]) -> object:
    """The member at the path, or a sign for a missing one (see `is_missing`)."""
    for name in path:
        if value is _MISSING:
            break
        if isinstance(value, Mapping):
            value = value.get(name, _MISSING)
        elif isinstance(value, list) and name.isdecimal() and len(name) < _DIGITS and int(name) < len(value):
            value = value[int(name)]
        else:
            return _ASTRAY
    return value


def is_missing(value: object) -> bool:
    """Whether `lookup` found nothing."""
    return isinstance(value, _Missing)


def _all_of(parts: Sequence[Selector]) -> Selector:
    return lambda value: all(part(value) for part in parts)


def _any_of(parts: Sequence[Selector]) -> Selector:
    return lambda value: any(part(value) for part in parts)


def _leaf(test: Selector, *, negated: bool) -> Selector:
    if negated:
        return lambda value: value is not _MISSING and not test(value)
    return lambda value: value is not _MISSING and test(value)


def _operator(name: str, argument: object, *, negated: bool) -> Selector:
    match name:
        case "$and" | "$or" | "$nor":
            flipped = negated != (name == "$nor")
            parts = [_compile(part, negated=flipped) for part in _list(name, argument)]
            return _all_of(parts) if (name == "$and") != flipped else _any_of(parts)
        case "$not":
            if not isinstance(argument, Mapping):
                raise _refuse(name, argument)
            return _compile(argument, negated=not negated)
        case "$exists":
            wanted = _bool(name, argument) != negated
            return lambda value: (value is not _MISSING) == wanted
        case "$text":
            raise _refuse(name, argument)
    if name not in _TESTS:
        raise BadRequest(f"Invalid operator: {name}", error="invalid_operator")
    return _leaf(_TESTS[name](name, argument), negated=negated)


def _refuse(name: str, argument: object) -> BadRequest:
    return BadRequest(f"Bad argument for operator {name}: {argument}", error="bad_arg")


def _list(name: str, argument: object) -> list[Any]:
    if not isinstance(argument, list):
        raise _refuse(name, argument)
    return argument


def _bool(name: str, argument: object) -> bool:
    if not isinstance(argument, bool):
        raise _refuse(name, argument)
    return argument


def _equals(argument: object) -> Selector:
    if isinstance(argument, str):
        return lambda value: value == argument
    key = sort_key(argument)
    return lambda value: sort_key(value) == key


def _ordered(holds: Callable[[Any, Any], bool]) -> Callable[[str, object], Selector]:
    def test(name: str, argument: object) -> Selector:
        key = sort_key(argument)
        return lambda value: holds(sort_key(value), key)

    return test


def _in(name: str, argument: object) -> Selector:
    tests = [_equals(one) for one in _list(name, argument)]

    def test(value: object) -> bool:
        return any(one(item) for item in (value if isinstance(value, list) else (value,)) for one in tests)

    return test


def _all(name: str, argument: object) -> Selector:
    wanted = _list(name, argument)
    tests = [_equals(one) for one in wanted]

    def test(value: object) -> bool:
        if not isinstance(value, list):
            return False
        if len(tests) == 1 and isinstance(wanted[0], list) and tests[0](value):
            return True
        return bool(tests) and all(any(one(item) for item in value) for one in tests)

    return test


def _elements(name: str, argument: object) -> Selector:
    inner = _compile(argument, negated=False)
    if name == "$elemMatch":
        return lambda value: isinstance(value, list) and any(inner(item) for item in value)
    return lambda value: isinstance(value, list) and bool(value) and all(inner(item) for item in value)


def _keys(name: str, argument: object) -> Selector:
    inner = _compile(argument, negated=False)
    return lambda value: isinstance(value, Mapping) and any(inner(key) for key in value)


def _size(name: str, argument: object) -> Selector:
    if not isinstance(argument, int) or isinstance(argument, bool) or argument < 0:
        raise _refuse(name, argument)
    return lambda value: isinstance(value, list) and len(value) == argument


def _mod(name: str, argument: object) -> Selector:
    match _list(name, argument):
        case [int(divisor), int(remainder)] if divisor:
            return lambda value: _is_integer(value) and _remainder(value, divisor) == remainder
    raise _refuse(name, argument)


def _remainder(dividend: int, divisor: int) -> int:
    """What is left has the sign of the dividend, as in CouchDB; in Python it would be that of the divisor."""
    left = abs(dividend) % abs(divisor)
    return left if dividend >= 0 else -left


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _regex(name: str, argument: object) -> Selector:
    if re2 is None:
        raise NotSupported("No patterns run on this server: use $beginsWith, or choose among what you have read")
    if not isinstance(argument, str):
        raise _refuse(name, argument)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    try:
        pattern = re2.compile(argument, options)
    except (re2.error, UnicodeEncodeError):
        raise _refuse(name, argument) from None
    return lambda value: isinstance(value, str) and pattern.search(value) is not None


def _begins_with(name: str, argument: object) -> Selector:
    if not isinstance(argument, str):
        raise _refuse(name, argument)
    return lambda value: isinstance(value, str) and value.startswith(argument)


def _type(name: str, argument: object) -> Selector:
    return lambda value: _TYPES[_rank(value)] == argument


_TYPES = ("null", "boolean", "number", "string", "array", "object")


def _rank(value: object) -> int:
    match value:
        case None:
            return 0
        case bool():
            return 1
        case int() | float():
            return 2
        case str():
            return 3
        case list():
            return 4
    return 5


def sort_key(value: Any) -> tuple[Any, ...]:
    """What orders JSON values as CouchDB does."""
    rank = _rank(value)
    match rank:
        case 0:
            return (0,)
        case 4:
            return (4, *(sort_key(item) for item in value))
        case 5:
            return (5, *((key, sort_key(item)) for key, item in sorted(value.items())))
    return (rank, value)


_TESTS: Mapping[str, Callable[[str, object], Selector]] = {
    "$eq": lambda name, argument: _equals(argument),
    "$ne": lambda name, argument: _leaf(_equals(argument), negated=True),
    "$lt": _ordered(lambda value, bound: value < bound),
    "$lte": _ordered(lambda value, bound: value <= bound),
    "$gt": _ordered(lambda value, bound: value > bound),
    "$gte": _ordered(lambda value, bound: value >= bound),
    "$in": _in,
    "$nin": lambda name, argument: _leaf(_in(name, argument), negated=True),
    "$all": _all,
    "$elemMatch": _elements,
    "$allMatch": _elements,
    "$keyMapMatch": _keys,
    "$size": _size,
    "$mod": _mod,
    "$beginsWith": _begins_with,
    "$regex": _regex,
    "$type": _type,
}
