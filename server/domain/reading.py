"""From JSON to a typed document, or to the place where it is wrong.

Each database takes its own kinds of documents; a type that belongs elsewhere is as unknown as one nobody has heard of.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, get_args

import msgspec

from server.domain import identifiers
from server.domain.documents import AnyDocument, InChapter, InDevices, InRegister
from server.domain.errors import Forbidden, Invalid

OF_CHAPTER = get_args(InChapter)
"""The structs that live in a chapter's database; all name their `chapter`."""

_SHAPES = {"chapter": InChapter, "register": InRegister, "devices": InDevices}
_DECODERS = {family: msgspec.json.Decoder(shape) for family, shape in _SHAPES.items()}
# Converting to a union costs several times the conversion itself, because msgspec remembers what it learns of a struct but not
# of a union. So dictionaries go straight to the struct of their tag.
_STRUCTS: dict[str, dict[object, type[AnyDocument]]] = {
    family: {struct.__struct_config__.tag: struct for struct in get_args(shape)} for family, shape in _SHAPES.items()
}

_PLACE = re.compile(r" - at `\$\.?([^`]*)`$")
_MISSING = re.compile(r"^Object missing required field `([^`]*)`$")


def read(body: Mapping[str, Any] | bytes, database: str) -> AnyDocument:
    """Read the body of a document of a database, with or without its envelope.

    Raises `Invalid` with the path of the fault, `Forbidden` for a database that is none of ours.
    """
    family = _family(database)
    try:
        if isinstance(body, bytes):
            document: AnyDocument = _DECODERS[family].decode(body)
            return document
        kind = body.get("type")
        struct = _STRUCTS[family].get(kind) if isinstance(kind, str) else None
        if struct is None:
            raise _unknown_type(family)
        return msgspec.convert(body, struct)
    except msgspec.ValidationError as error:
        raise _fault(str(error), family) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("", f"Not JSON: {error}", "json") from None


@lru_cache(maxsize=1024)
def _family(database: str) -> str:
    if database in (identifiers.REGISTER, identifiers.DEVICES):
        return database
    if identifiers.chapter_of(database) is None:
        raise Forbidden(f"No documents of ours are kept in “{database[:80]}”", "closed")
    return "chapter"


def _fault(message: str, family: str) -> Invalid:
    """Turn a decoder's message into the path of the fault and a reason."""
    place = _PLACE.search(message)
    path = place[1] if place else ""
    reason = message[: place.start()] if place else message
    missing = _MISSING.match(reason)
    if missing:
        path, reason = f"{path}.{missing[1]}".lstrip("."), "Missing"
    if path == "type":
        return _unknown_type(family)
    return Invalid(path, reason, "missing" if missing else "value")


def _unknown_type(family: str) -> Invalid:
    known = ", ".join(sorted(map(str, _STRUCTS[family])))
    return Invalid("type", f"Not a type of this database: expected {known}", "type")
