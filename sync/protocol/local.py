"""`_local/<id>`: documents that stay here, among them the replicators' checkpoints (CouchDB API, "Local Documents")."""

from collections.abc import AsyncGenerator

from sync.documents import Document, Local
from sync.protocol import places
from sync.protocol.call import Call
from sync.protocol.edits import destination, named_revision, write_copy
from sync.protocol.listing import Listing, listing, parameters
from sync.protocol.replies import Json, Reply, Stream, encode, etag, json


def render(local: Local) -> bytes:
    """The document as JSON."""
    head = b'{"_id":%b,"_rev":"%b"' % (encode(local.id), local.rev.encode())
    return head + (b"}" if local.body == b"{}" else b"," + local.body[1:])


async def get(call: Call, doc_id: str) -> Reply:
    """`GET /{db}/_local/{id}`. Raises NotFound."""
    local = await places.read(call, doc_id)
    return Json(render(local), headers=(etag(local.rev),))


async def put(call: Call, doc_id: str) -> Reply:
    """`PUT /{db}/_local/{id}`; a body that says `_deleted` removes it. Raises Conflict."""
    document = await call.document(doc_id)
    if document.deleted:
        return await _delete(call, doc_id, named_revision(call, document.rev))
    written = Document(id=doc_id, body=document.body)
    return _written(call, doc_id, await places.write(call, written, named_revision(call, document.rev)), 201)


async def delete(call: Call, doc_id: str) -> Reply:
    """`DELETE /{db}/_local/{id}`. Raises NotFound, Conflict."""
    return await _delete(call, doc_id, named_revision(call))


async def _delete(call: Call, doc_id: str, rev: str) -> Reply:
    gone = await places.write(call, Document(id=doc_id, deleted=True), rev)
    return json({"ok": True, "id": doc_id, "rev": gone}, headers=(etag(gone),))


async def copy(call: Call, doc_id: str) -> Reply:
    """A document that is replicated, with what the local one holds."""
    target, rev = destination(call)
    local = await places.read(call, doc_id)
    return await write_copy(call, Document(id=target, rev=rev, body=local.body))


def _written(call: Call, doc_id: str, rev: str, status: int) -> Reply:
    headers = (etag(rev), (b"location", call.location(call.path[0], doc_id).encode()))
    return json({"ok": True, "id": doc_id, "rev": rev}, status, headers)


async def local_docs(call: Call) -> Reply:
    """`_local_docs`: those of the given keys that exist, or all in the order of their ids."""
    asked = listing(await parameters(call))
    return Stream(_rows(call, asked))


async def _rows(call: Call, asked: Listing) -> AsyncGenerator[bytes, None]:
    wanted = asked.range if asked.keys is None else [key for key in asked.keys if isinstance(key, str)]
    found = await places.listed(call, wanted)
    rows: list[bytes] = []
    for local in found:
        key = encode(local.id)
        doc = b',"doc":' + render(local) if asked.include_docs else b""
        rows.append(b'{"id":%b,"key":%b,"value":{"rev":"%b"}%b}' % (key, key, local.rev.encode(), doc))
    yield b'{"total_rows":null,"offset":null,"rows":[\r\n' + b",\r\n".join(rows) + b"\r\n]}\n"
