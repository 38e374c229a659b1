"""Query parameters (and the same names in a JSON body), read as CouchDB reads them and refused as it refuses them."""

from collections.abc import Mapping

import msgspec

from sync.documents import UNREADABLE, generation
from sync.errors import BadRequest

_strings = msgspec.json.Decoder(list[str])
_any = msgspec.json.Decoder()

FAR = 10**18
"""Further than any store counts, and no further than its numbers reach."""
_MOST_DIGITS = 19
_HEARTBEAT = 60_000  # CouchDB's default where a heartbeat is asked for without a time
LEAST_HEARTBEAT = 100
"""Milliseconds. CouchDB has no least one, so a waiting feed may cost it a thousand newlines a second."""


def unreadable(reason: str) -> BadRequest:
    """CouchDB's error for a parameter of `_all_docs` that can't be read."""
    return BadRequest(reason, error="query_parse_error")


def boolean(given: object) -> bool:
    """true or false, as JSON or as a word. Raises BadRequest."""
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and given.lower() in ("true", "false"):
        return given.lower() == "true"
    raise unreadable(f'Invalid boolean parameter: "{given}"')


def digits(given: str) -> int | None:
    """The number that a text of digits names, or `FAR` where it is greater; None for any other text."""
    if not (given.isascii() and given.isdecimal()):
        return None
    return min(int(given), FAR) if len(given) <= _MOST_DIGITS else FAR


def natural(given: object) -> int:
    """A whole number from 0 up, at most `FAR`. Raises BadRequest."""
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise unreadable(f'Invalid value for integer: "{given}"')
    try:
        number = int(given)
    except ValueError:
        raise unreadable(f'Invalid value for integer: "{given}"') from None
    if number < 0:
        raise unreadable(f'Invalid value for positive integer: "{given}"')
    return min(number, FAR)


def milliseconds(query: Mapping[str, str], name: str, default: int) -> int:
    """A positive time. Raises BadRequest naming the parameter."""
    if name not in query:
        return default
    given = digits(query[name])
    if given is None:
        raise BadRequest(f"Invalid {name} value. Expecting a positive integer value (in milliseconds).")
    if given < 1:
        raise BadRequest(f"The {name} value should be a positive integer (in milliseconds).")
    return given


def heartbeat(query: Mapping[str, str]) -> int | None:
    """The time between heartbeats, or None for none; a shorter one than the least is made the least. Raises BadRequest."""
    match query.get("heartbeat", "false"):
        case "true":
            return _HEARTBEAT
        case "false":
            return None
    return max(milliseconds(query, "heartbeat", _HEARTBEAT), LEAST_HEARTBEAT)


def json_value(text: str | msgspec.Raw) -> object:
    """A parameter, or a part of a body, that holds JSON. Raises BadRequest."""
    try:
        return _any.decode(text)
    except UNREADABLE:
        raise BadRequest("invalid UTF-8 JSON") from None


def revisions(text: str) -> tuple[str, ...]:
    """A JSON array of revisions (`open_revs`, `atts_since`). Raises BadRequest."""
    try:
        revs = _strings.decode(text)
    except msgspec.ValidationError:
        raise BadRequest("Invalid rev format") from None
    except msgspec.DecodeError:
        raise BadRequest("invalid UTF-8 JSON") from None
    for rev in revs:
        generation(rev)
    return tuple(revs)
