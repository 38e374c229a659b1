"""What design documents would do in CouchDB: refused, because no user code runs here (CouchDB API, "Design Documents").

The documents themselves are stored and replicated like any other. A design document or a function that is not there is
not found, as in CouchDB; one that is there can't be run.
"""

from sync.errors import NotFound, NotSupported
from sync.protocol.call import Call
from sync.protocol.filters import missing_function
from sync.protocol.replies import Reply

# The path's word, and the member of the design document that holds its functions.
ACTIONS = {
    "_view": "views",
    "_show": "shows",
    "_list": "lists",
    "_update": "updates",
    "_rewrite": "rewrites",
    "_info": "views",
    "_search": "indexes",
    "_search_info": "indexes",
    "_nouveau": "nouveau",
}


async def refuse(call: Call, doc_id: str, action: str, function: str) -> Reply:
    """Raises NotFound while there is nothing to run, NotSupported when there is."""
    if function:
        await missing_function(call.database, doc_id, ACTIONS[action], function)
    else:
        await call.database.get(doc_id)
        if action != "_info":
            raise NotFound("missing")
    raise NotSupported(f"No JavaScript runs on this server: {action.removeprefix('_')} functions can't be used")


async def temp_view(call: Call) -> Reply:
    """Temporary views are gone from CouchDB too."""
    raise NotSupported("Temporary views are not supported")
