"""Which names a database may have (CouchDB API, `PUT /{db}`)."""

import re

from sync.errors import IllegalName

_SHAPE = re.compile(r"[a-z][a-z0-9_$()+/-]*")
_SYSTEM = frozenset(("_users", "_replicator", "_global_changes"))
_LONGEST = 238


def is_legal(name: str) -> bool:
    """Whether CouchDB allows a database of this name."""
    return name in _SYSTEM or (_SHAPE.fullmatch(name) is not None and len(name) <= _LONGEST)


def check_name(name: str) -> None:
    """Raises IllegalName, in CouchDB's words."""
    if len(name) > _LONGEST:
        raise IllegalName(
            f"At least one path segment of `{name[:_LONGEST]}` is too long.", error="database_name_too_long"
        )
    if not is_legal(name):
        raise IllegalName(
            f"Name: '{name}'. Only lowercase characters (a-z), digits (0-9), and any of the characters "
            "_, $, (, ), +, -, and / are allowed. Must begin with a letter."
        )
