"""The CouchDB behind us: what must be there (`prepare`), and what is missing (`check`). Documents do not pass here."""

from server.couchdb.administration import Administration, CouchdbError, Refused, Unreachable
from server.couchdb.condition import Finding, State, check, prepare

__all__ = ["Administration", "CouchdbError", "Finding", "Refused", "State", "Unreachable", "check", "prepare"]
