"""Identifiers for documents that come without one.

As CouchDB's "sequential" algorithm makes them: 26 random hex digits, then 6 that grow, so that documents made one after
another lie beside each other in an index.
"""

import secrets


class _Sequence:
    def __init__(self) -> None:
        self._renew()

    def _renew(self) -> None:
        self._prefix = secrets.token_hex(13)
        self._count = secrets.randbelow(0xFFE)

    def next(self) -> str:
        self._count += 1 + secrets.randbelow(0xFFE)
        if self._count > 0xFFFFFF:
            self._renew()
        return f"{self._prefix}{self._count:06x}"


new_uuid = _Sequence().next
