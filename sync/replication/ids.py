"""Replication ids: under what name the two sides remember how far a replication came (protocol section 2.4.2.3.1).

    _local/otkrytka-replica          {"replica": "<random>"}: who a database is, whatever address it is reached by
    _local/otkrytka-1-<sha256>       the log of one replication, the same on both sides

The id depends on who the two databases are and what is copied, not on addresses: a hub that reaches its upstream by another
name goes on where it was. CouchDB's own logs are `_local/<md5>+…`, so the two never touch each other's.
A newer way of making ids goes to the front of VERSIONS; logs under the older ids are still found, and continued.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec

from sync.databases.contract import Database
from sync.errors import Conflict, NotFound
from sync.replication.options import Options

REPLICA = "_local/otkrytka-replica"


class _Replica(msgspec.Struct):
    replica: str


_replica = msgspec.json.Decoder(_Replica)
Version = Callable[[str, str, Options], str]


async def replica_of(database: Database) -> str:
    """The name a database gave itself the first time it took part in a replication."""
    while True:
        try:
            return _replica.decode((await database.get_local(REPLICA)).body).replica
        except NotFound:
            with suppress(Conflict):
                await database.put_local(REPLICA, msgspec.json.encode(_Replica(secrets.token_hex(16))))
            # Another replicator may have been first, or just after (CouchDB lets both): what can be read now counts.


def version_1(source: str, target: str, options: Options) -> str:
    """Over both replicas and what is copied; doc_ids in any order are the same."""
    narrowed = (sorted(options.doc_ids) if options.doc_ids is not None else None, options.selector)
    content = msgspec.json.encode((1, source, target, narrowed), order="sorted")
    return "_local/otkrytka-1-" + hashlib.sha256(content).hexdigest()


VERSIONS: Sequence[Version] = (version_1,)


async def replication_ids(source: Database, target: Database, options: Options) -> list[str]:
    """The id of this replication, and those that older versions of this program would have given it."""
    replicas = await replica_of(source), await replica_of(target)
    return [version(*replicas, options) for version in VERSIONS]
