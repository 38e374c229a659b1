"""A CouchDB replication engine for opaque JSON documents; it knows nothing of what they mean.

`revisions` holds the revision tree as pure functions, `databases` the one contract `Database` with its backends
(SQLite, memory, any CouchDB peer over HTTP), `protocol` the CouchDB HTTP API over any of them, `replication`
the replicator between any two. `DESIGN.md` beside this file says what is promised and why it is built so.
"""
