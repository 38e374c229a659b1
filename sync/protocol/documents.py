"""`GET /{db}/{docid}`: one revision, or several (CouchDB API, "Documents")."""

from collections.abc import AsyncGenerator, Sequence

from sync.databases.contract import Missing
from sync.documents import Document, generation
from sync.errors import NotFound
from sync.protocol import multiparts
from sync.protocol.call import Call
from sync.protocol.parameters import revisions
from sync.protocol.rendering import Shown, inline, render
from sync.protocol.replies import Json, Reply, Stream, encode, etag, is_fresh, not_modified


def shown_by(call: Call) -> Shown:
    """What the query asks to see of a document. Raises BadRequest for revisions that are none."""
    query = call.query
    if not query:
        return Shown()
    return Shown(
        revisions=call.flag("revs"),
        attachments=call.flag("attachments"),
        encoding_info=call.flag("att_encoding_info"),
        known=revisions(query["atts_since"]) if "atts_since" in query else (),
    )


async def get(call: Call, doc_id: str) -> Reply:
    """One revision: the winner, `rev`, or with `latest` the leaf that grew from `rev`."""
    query = call.query
    shown = shown_by(call)
    if "open_revs" in query:
        return await _open_revs(call, doc_id, shown)
    rev = query.get("rev")
    if rev is not None:
        generation(rev)
    document = await call.database.get(doc_id, rev, latest=call.flag("latest"))
    extra = await _meta(call, document, rev) if query else b""
    if extra:
        return await _one(call, document, shown, extra)
    if is_fresh(call, document.rev):
        return not_modified(document.rev)
    return await _one(call, document, shown, b"")


async def _one(call: Call, document: Document, shown: Shown, extra: bytes) -> Reply:
    headers = () if extra else (etag(document.rev),)
    wanted = shown.wanted(document)
    if not wanted:
        return Json(render(document, shown, extra), headers=headers)
    if call.accepts("multipart/related"):
        return multiparts.document(call.database, document, shown, extra, headers)
    return Stream(
        inline(call.database, document, shown, extra),
        headers=((b"cache-control", b"must-revalidate"), (b"content-type", b"application/json"), *headers),
    )


async def _meta(call: Call, document: Document, rev: str | None) -> bytes:
    """The members that tell of the document's tree, each with its leading comma."""
    meta = call.flag("meta")
    members: dict[str, object] = {}
    if meta or call.flag("revs_info"):
        members["_revs_info"] = await call.database.revs_info(document.id, rev and document.rev)
    if call.flag("local_seq"):
        changes = await call.database.changes(doc_ids=[document.id])
        members["_local_seq"] = changes.rows[-1].seq
    if meta or call.flag("conflicts") or call.flag("deleted_conflicts"):
        leaves = [leaf for leaf in await call.database.leaves(document.id) if leaf.rev != document.rev]
        live = [leaf.rev for leaf in leaves if not leaf.deleted]
        gone = [leaf.rev for leaf in leaves if leaf.deleted]
        if live and (meta or call.flag("conflicts")):
            members["_conflicts"] = live
        if gone and (meta or call.flag("deleted_conflicts")):
            members["_deleted_conflicts"] = gone
    return b"," + encode(members)[1:-1] if members else b""


def _once(found: Sequence[Document | Missing]) -> list[Document | Missing]:
    """Two revisions of one branch have the same latest one, which is told once."""
    return list({one.rev: one for one in found}.values())


async def _open_revs(call: Call, doc_id: str, shown: Shown) -> Reply:
    asked = call.query["open_revs"]
    revs = None if asked == "all" else revisions(asked)
    found = _once(await call.database.open_revs(doc_id, revs, latest=call.flag("latest")))
    if revs is None and not found:
        raise NotFound("missing")
    if call.accepts("multipart/mixed"):
        return multiparts.revisions(call.database, found, shown)

    async def rows() -> AsyncGenerator[bytes, None]:
        for number, one in enumerate(found):
            yield b"," if number else b"["
            if not isinstance(one, Document):
                yield encode({"missing": one.rev})
            elif not shown.wanted(one):
                yield b'{"ok":%b}' % render(one, shown)
            else:
                yield b'{"ok":'
                async for piece in inline(call.database, one, shown):
                    yield piece
                yield b"}"
        yield b"]" if found else b"[]"

    return Stream(rows())
