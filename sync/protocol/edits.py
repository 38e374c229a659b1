"""Writing one document: PUT, POST, DELETE and COPY (CouchDB API, "Documents")."""

from urllib.parse import parse_qsl, unquote

import msgspec

from sync import multipart
from sync.documents import Attachment, Document, check_id, generation
from sync.errors import BadRequest
from sync.protocol.call import Call
from sync.protocol.replies import Reply, etag, json
from sync.protocol.uploads import receive_document
from sync.protocol.uuids import new_uuid
from sync.protocol.writing import require_revision, write_one


def given_revision(call: Call, in_body: str = "") -> str:
    """The revision an edit starts from: body, `rev` and If-Match must agree where they name one. Raises BadRequest."""
    rev = named_revision(call, in_body)
    if rev:
        generation(rev)
    return rev


def named_revision(call: Call, in_body: str = "") -> str:
    """The same for `_local` documents, whose revisions ("0-1") are no part of any tree."""
    asked = call.query.get("rev", "")
    if in_body and asked and in_body != asked:
        raise BadRequest("Document rev from request body and query string have different values")
    rev = in_body or asked
    matched = (call.header(b"if-match") or "").strip().strip('"')
    if matched and rev and rev != matched:
        raise BadRequest("Document rev and etag have different values")
    return rev or matched


async def put(call: Call, doc_id: str) -> Reply:
    """One document, as JSON or as multipart/related with its attachments."""
    check_id(doc_id)
    content_type = call.header(b"content-type") or ""
    if content_type.lower().startswith("multipart/related"):
        document = await receive_document(call, multipart.boundary_of(content_type))
    else:
        document = await call.document(doc_id)
    new_edits = call.query.get("new_edits") != "false"
    document = msgspec.structs.replace(document, id=doc_id, rev=given_revision(call, document.rev))
    if not new_edits:
        require_revision(document)
    rev = await write_one(call, document, new_edits=new_edits)
    return _written(call, doc_id, rev, 200 if document.deleted else 201, located=True)


async def post(call: Call) -> Reply:
    """One document to the database; it gets an id where it has none."""
    call.require_json()
    document = await call.document()
    document = msgspec.structs.replace(document, id=document.id or new_uuid())
    rev = await write_one(call, document)
    return _written(call, document.id, rev, 201, located=True, tagged=False)


async def delete(call: Call, doc_id: str) -> Reply:
    """The deletion is a revision like any other. Raises NotFound where there is nothing to delete."""
    rev = given_revision(call)
    await call.database.get(doc_id)
    return _written(call, doc_id, await write_one(call, Document(id=doc_id, rev=rev, deleted=True)), 200)


async def copy(call: Call, doc_id: str) -> Reply:
    """The document under the id that the Destination header names (`id` or `id?rev=…`), attachments with it."""
    target, rev = destination(call)
    source = await call.database.get(doc_id, given_revision(call) or None)
    attachments = await _carried(call, source)
    copied = msgspec.structs.replace(source, id=target, rev=rev, ancestry=(), attachments=attachments)
    return await write_copy(call, copied)


async def _carried(call: Call, source: Document) -> dict[str, Attachment] | None:
    """Its attachments, as another document may have them: stubs mean nothing there, so the bytes are brought."""
    if source.attachments is None:
        return None
    carried = {}
    for name, entry in source.attachments.items():
        carried[name] = entry
        if entry.stub:
            upload = await call.database.upload(call.database.download(source, name))
            carried[name] = msgspec.structs.replace(entry, digest=upload.digest, stub=False)
    return carried


def destination(call: Call) -> tuple[str, str]:
    """The id and the revision ("" for a new document) a copy goes to. Raises BadRequest."""
    named = call.header(b"destination")
    if named is None:
        raise BadRequest("Destination header is mandatory for COPY.")
    if "://" in named:
        raise BadRequest("Destination URL must be relative.")
    path, _, query = named.strip().strip("/").partition("?")
    target = unquote(path)
    check_id(target)
    return target, dict(parse_qsl(query)).get("rev", "")


async def write_copy(call: Call, copied: Document) -> Reply:
    """Stores a copy under its new id."""
    return _written(call, copied.id, await write_one(call, copied), 201, located=True)


def _written(call: Call, doc_id: str, rev: str, status: int, *, located: bool = False, tagged: bool = True) -> Reply:
    headers = [etag(rev)] if tagged else []
    if located:
        headers.append((b"location", call.location(call.path[0], doc_id).encode()))
    if call.query.get("batch") == "ok" and status == 201:
        return json({"ok": True, "id": doc_id}, 202)
    return json({"ok": True, "id": doc_id, "rev": rev}, status, headers)
