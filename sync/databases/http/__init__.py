"""Any CouchDB-compatible peer as a Database: Apache CouchDB ≥ 2, our own server, pouchdb-server.

line.py       the way to one server: httpx2, or the gateway's connections
peer.py       one server: its address, what it is asked, its errors
answers.py    the JSON a peer answers, as types
database.py   HttpDatabase: the contract over `/{db}`
reading.py    `_bulk_get` and open_revs, and what to do where a peer lacks the first
proof.py      digests: asked for where the peer has them, made from its feed where not
writing.py    `_bulk_docs`, and multipart/related for documents with attachments
spool.py      attachment bytes on their way to a document
catalog.py    HttpCatalog: the contract over `/`
"""

from sync.databases.http.catalog import HttpCatalog
from sync.databases.http.database import HttpDatabase
from sync.databases.http.peer import Bearer

__all__ = ["Bearer", "HttpCatalog", "HttpDatabase"]
