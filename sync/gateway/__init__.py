"""A door in front of an Apache CouchDB: what may pass is streamed through it, everything else is answered by `sync.protocol`.

    request ─► passages.find ─┬─ a Passage ─► policy ─► relay: CouchDB's own answer, as a stream
                              └─ none ──────► sync.protocol over `HttpDatabase`: every write, judged by the policy

CouchDB is never reachable by a path, a parameter or a header that is not on a list here: `passages` rebuilds the path and the
query from their decoded parts, `headers` copies what it knows by name.
"""

from sync.gateway.app import Gateway
from sync.gateway.connections import Connections
from sync.gateway.upstream import Upstream

__all__ = ["Connections", "Gateway", "Upstream"]
