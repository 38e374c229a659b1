"""What writing one document does to its tree: CouchDB's rules of `_bulk_docs`, for every backend that keeps trees itself."""

import base64
import hashlib
from collections.abc import Callable, Mapping

import msgspec

from sync.documents import Attachment, Document, generation
from sync.errors import BadRequest, Conflict, PreconditionFailed
from sync.revisions import Branch, Tree, find, path

DEFAULT_REVS_LIMIT = 1000
_md5 = hashlib.md5


def grow(tree: Tree | None, document: Document) -> Branch | None:
    """The branch whose leaf `document` extends when it is edited here (`new_edits`); None for a new document.

    Raises Conflict unless `document.rev` is a leaf, or is empty and the document is new or deleted. Deleting what is
    deleted needs the revision.
    """
    if tree is None:
        if document.rev:
            raise Conflict
        return None
    if not document.rev:
        if tree[0].deleted and not document.deleted:
            return tree[0]
        raise Conflict
    generation(document.rev)
    leaf = next((leaf for leaf in tree if leaf.rev == document.rev), None)
    if leaf is None:
        raise Conflict
    return leaf


def edited(parent: Branch | None, document: Document, attachments: Mapping[str, Attachment] | None) -> Branch:
    """The branch of the new revision. Its hash covers deletion, parent, body and attachments: equal edits are one revision."""
    content = _md5(document.body, usedforsecurity=False)
    if document.deleted:
        content.update(b"\0deleted")
    if parent is not None:
        content.update(b"\0" + parent.rev.encode())
    if attachments:
        for name, attachment in sorted(attachments.items()):
            content.update(msgspec.json.encode((name, attachment.content_type, attachment.digest)))
    if parent is None:
        return Branch(1, (content.hexdigest(),), document.deleted)
    return Branch(parent.start + 1, (content.hexdigest(), *parent.ids), document.deleted)


def replicated(tree: Tree | None, document: Document) -> Branch | None:
    """The branch a replicated document brings (`new_edits=false`); None when its revision is known already.

    Raises BadRequest when it names no revision.
    """
    if not document.rev:
        raise BadRequest("When `new_edits: false`, the document needs `_rev` or `_revisions` specified")
    if tree is not None and find(tree, document.rev) is not None:
        return None
    return path(document.rev, document.ancestry, deleted=document.deleted)


def resolve(
    document: Document,
    start: int,
    inherited: Callable[[], Mapping[str, Attachment]],
    held: Callable[[str], int | None],
    keep: Callable[[str, bytes], None],
) -> dict[str, Attachment] | None:
    """The attachments of a written document as they are stored, or None where it has none.

    `start` is its generation, `inherited` gives the entries of the revision it grew from, `held` the stored length of
    the bytes with a digest (None: not here), and `keep` takes inline bytes. Raises PreconditionFailed for a digest whose
    bytes are not here, and for a stub that means nothing of an ancestor: whoever knows a digest alone has not got the bytes.
    """
    if not document.attachments:
        return None
    settled: dict[str, Attachment] = {}
    for name, entry in document.attachments.items():
        if entry.data is not None:
            digest = digest_of(entry.data)
            keep(digest, entry.data)
            settled[name] = _stored(entry, digest, len(entry.data), start)
        elif entry.stub and (parent := _match(entry, inherited().get(name))) is not None:
            settled[name] = parent
        elif not entry.stub and entry.digest and (length := held(entry.digest)) is not None:
            settled[name] = _stored(entry, entry.digest, length, start)
        else:
            raise PreconditionFailed(f"Invalid attachment stub in {document.id} for {name}")
    return settled


def _match(stub: Attachment, parent: Attachment | None) -> Attachment | None:
    """The parent's entry if the stub means it: it names nothing, the same digest, or (CouchDB's rule) the same revpos.

    The digests may differ for the same bytes: one side keeps them gzip-encoded.
    """
    if parent is None:
        return None
    same = stub.digest == parent.digest or (stub.revpos == parent.revpos if stub.revpos else not stub.digest)
    return parent if same else None


def _stored(entry: Attachment, digest: str, length: int, start: int) -> Attachment:
    """The digest is the one computed here: CouchDB too ignores one sent beside inline data (it may be of another encoding)."""
    return Attachment(
        content_type=entry.content_type,
        digest=digest,
        length=entry.length if entry.encoding else length,
        revpos=entry.revpos or start,
        encoding=entry.encoding,
        encoded_length=length if entry.encoding else None,
    )


def digest_of(content: bytes) -> str:
    """An attachment's digest as CouchDB writes it."""
    return digest_name(hashlib.md5(content, usedforsecurity=False).digest())


def digest_name(md5: bytes) -> str:
    """The same, from the 16 bytes of the md5."""
    return "md5-" + base64.b64encode(md5).decode()
