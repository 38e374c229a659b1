"""What one side has, the other has afterwards: between any two kinds of database, in both directions."""

import gzip
from collections.abc import Awaitable, Callable, Sequence

import msgspec
import pytest

from sync.databases.contract import Database
from sync.documents import Attachment, Document
from sync.replication import Options, agree, replicate, synchronize

pytestmark = pytest.mark.anyio

Pair = tuple[Database, Database]
Contents = Callable[[Database], Awaitable[object]]

ODD_IDS = [
    "a/b", "a?b=c&d", "#", "%2F", "%", "a+b c", "..", ".", "é", "e\u0301", "письмо", "📮", '"quoted"', "\\", "_design/x",
    "_design/with/slash", "x" * 500, "0", "-1", "null", "a:b;c,d=e@f!g$h&i'j(k)l*m~n|o^p`q{r}s[t]u<v>w",
]  # fmt: skip


def rev(*letters: str) -> str:
    """The revision whose ancestry these letters name, newest first."""
    return f"{len(letters)}-{letters[0] * 32}"


def document(doc_id: str, *letters: str, deleted: bool = False, **members: object) -> Document:
    """The document at that revision."""
    return Document(
        id=doc_id,
        rev=rev(*letters),
        ancestry=tuple(letter * 32 for letter in letters),
        body=msgspec.json.encode(members),
        deleted=deleted,
    )


async def put(database: Database, *documents: Document) -> None:
    outcomes = await database.write(documents, new_edits=False)
    assert [outcome.error for outcome in outcomes] == [None] * len(documents)


async def edit(database: Database, doc_id: str, rev: str = "", body: bytes = b"{}", *, deleted: bool = False) -> str:
    (outcome,) = await database.write([Document(id=doc_id, rev=rev, body=body, deleted=deleted)])
    assert outcome.error is None
    return outcome.rev


async def assert_equal(one: Database, other: Database, contents: Contents) -> None:
    assert await contents(one) == await contents(other)
    assert await agree(one, other)


class TestDocuments:
    async def test_bodies_arrive_as_they_were_written(
        self, kinds: tuple[str, str], pair: Pair, contents: Contents
    ) -> None:
        """Members and characters are the same afterwards under any id, and where no CouchDB reads them, each byte."""
        source, target = pair
        body = b'{"z":1,"a":[1.5,-0,12345678901234567890,null,true],"\xd1\x8f":"\xf0\x9f\x93\xae\\u0000","n":{"x":{}}}'
        await put(source, *[msgspec.structs.replace(document(doc_id, "a"), body=body) for doc_id in ODD_IDS])
        report = await replicate(source, target)
        assert (report.docs_read, report.docs_written, report.ok) == (len(ODD_IDS), len(ODD_IDS), True)
        await assert_equal(source, target, contents)
        if "couchdb" not in kinds:
            assert {(await target.get(doc_id)).body for doc_id in ODD_IDS} == {body}

    async def test_every_conflict_arrives_with_its_history(self, pair: Pair, contents: Contents) -> None:
        """All leaves are copied, not the winner alone, so both sides choose the same winner for ever."""
        source, target = pair
        await put(
            source,
            document("d", "c", "b", "a", n=1),
            document("d", "f", "b", "a", n=2),
            document("d", "e", "a", n=3),
            document("d", "d", n=4),
            document("d", "0", "1", "a", deleted=True),
        )
        await replicate(source, target)
        await assert_equal(source, target, contents)
        assert [leaf.rev for leaf in await target.leaves("d")] == [
            rev("f", "b", "a"), rev("c", "b", "a"), rev("e", "a"), rev("d"), rev("0", "1", "a")
        ]  # fmt: skip

    async def test_deletions_arrive_and_so_do_revivals(self, pair: Pair, contents: Contents) -> None:
        """A deleted document is deleted on the other side, with what its last revision says; a revived one lives."""
        source, target = pair
        first = await edit(source, "deleted", body=b'{"n":1}')
        await edit(source, "revived", await edit(source, "revived"), deleted=True)
        await replicate(source, target)
        await edit(source, "deleted", first, b'{"why":"moved"}', deleted=True)
        await edit(source, "revived", body=b'{"n":2}')
        await replicate(source, target)
        await assert_equal(source, target, contents)
        assert (await target.leaves("deleted"))[0].deleted
        assert (await target.get("revived")).body == b'{"n":2}'

    async def test_histories_longer_than_is_remembered(self, pair: Pair, contents: Contents) -> None:
        """A branch that was cut on one side joins the same branch on the other instead of becoming a conflict."""
        source, target = pair
        await source.set_revs_limit(5)
        newest = ""
        for number in range(12):
            newest = await edit(source, "d", newest, b'{"n":%d}' % number)
            if number in (3, 7):
                await replicate(source, target)
        await replicate(source, target)
        assert (await target.get("d")).rev == newest
        assert len(await target.leaves("d")) == 1
        assert await agree(source, target)

    async def test_many_in_small_batches(self, pair: Pair) -> None:
        """More documents than a batch, of sizes that differ, all arrive."""
        source, target = pair
        bodies = [b'{"x":"%s"}' % (b"x" * (number % 7) ** 5) for number in range(60)]
        await put(source, *[msgspec.structs.replace(document(f"{n}", "a"), body=body) for n, body in enumerate(bodies)])
        report = await replicate(source, target, Options(batch_documents=7, batch_bytes=20_000))
        assert report.docs_written == 60
        assert await agree(source, target)


class TestAgain:
    async def test_nothing_is_done_twice(self, pair: Pair) -> None:
        """A second replication begins where the first ended: it reads nothing but what is new."""
        source, target = pair
        await put(source, document("a", "a"), document("b", "a"))
        await replicate(source, target)
        again = await replicate(source, target)
        assert (again.missing_checked, again.docs_read) == (0, 0)
        await put(source, document("c", "a"))
        third = await replicate(source, target)
        assert (third.missing_checked, third.docs_read, third.docs_written) == (1, 1, 1)
        assert third.start_last_seq == again.end_last_seq

    async def test_both_ways(self, pair: Pair, contents: Contents) -> None:
        """Edits of both sides end up on both, those of the same document as a conflict with one winner."""
        one, other = pair
        await put(one, document("shared", "a"), document("left", "a"))
        await synchronize(one, other)
        await put(one, document("shared", "b", "a", side="one"))
        await put(other, document("shared", "c", "a", side="other"), document("right", "a"))
        push, pull = await synchronize(one, other)
        assert (push.docs_written, pull.docs_written) == (1, 2)
        await assert_equal(one, other, contents)
        assert [leaf.rev for leaf in await one.leaves("shared")] == [rev("c", "a"), rev("b", "a")]


def attached(**contents: bytes) -> dict[str, Attachment]:
    return {name: Attachment(content_type="image/png", data=data) for name, data in contents.items()}


class TestAttachments:
    async def test_bytes_arrive(self, pair: Pair, contents: Contents) -> None:
        """Any bytes, any names, empty ones, the same ones several times, on conflicts and deletions too."""
        source, target = pair
        every_byte = bytes(range(256)) * 300
        names: Sequence[str] = ("a/b.png", "ü ?#%.png", "письмо.pdf", 'q"uote', "\\")
        await edit_attached(
            source, "names", {name: Attachment(content_type="image/png", data=every_byte) for name in names}
        )
        await edit_attached(source, "many", attached(**{f"n{n}": b"%d" % n for n in range(30)}, empty=b"", same=b"7"))
        large = {"large": Attachment(content_type="application/octet-stream", data=every_byte * 20)}
        await edit_attached(source, "_design/large", large)
        branch = document("conflict", "b", "a", deleted=True)
        await put(
            source,
            msgspec.structs.replace(document("conflict", "a"), attachments=attached(x=b"one")),
            msgspec.structs.replace(document("conflict", "c"), attachments=attached(x=b"other")),
            msgspec.structs.replace(branch, attachments=attached(y=b"last words")),
        )
        report = await replicate(source, target)
        assert report.ok
        assert report.attachments == len(names) + 32 + 1 + 2
        await assert_equal(source, target, contents)

    async def test_names_that_are_alike_in_a_header(self, pair: Pair, contents: Contents) -> None:
        """A header can't hold all of a name: bytes go by the order of the parts, never to one that is called so."""
        source, target = pair
        names = ('a"b', "ab", "a\\b", "a\u200bb")
        entries = {name: Attachment(content_type="image/png", data=name.encode() * 9) for name in names}
        await edit_attached(source, "alike", entries)
        assert (await replicate(source, target)).ok
        await assert_equal(source, target, contents)

    async def test_compressed_ones_stay_as_they_are(self, pair: Pair, contents: Contents) -> None:
        """What is stored compressed travels compressed: same digest, same encoding, both lengths."""
        source, target = pair
        text = b"the same line\n" * 500
        packed = gzip.compress(text, mtime=0)
        entry = Attachment(content_type="text/plain", encoding="gzip", length=len(text), data=packed)
        await edit_attached(source, "text", {"t.txt": entry})
        report = await replicate(source, target)
        assert report.attachment_bytes == len(packed)
        await assert_equal(source, target, contents)

    async def test_what_the_target_has_is_not_sent_again(self, pair: Pair, contents: Contents) -> None:
        """An edit that leaves an attachment as it is costs none of its bytes."""
        source, target = pair
        first = await edit_attached(source, "d", attached(kept=b"k" * 10_000, replaced=b"r" * 10))
        await replicate(source, target)
        entries = dict((await source.get("d")).attachments or {})
        kept = msgspec.structs.replace(entries["kept"], stub=True)
        await edit_attached(source, "d", {"kept": kept} | attached(replaced=b"R" * 20, added=b"+"), first)
        report = await replicate(source, target)
        assert report.attachment_bytes == 21
        await assert_equal(source, target, contents)

    async def test_bytes_the_target_has_forgotten_are_sent_after_all(self, pair: Pair) -> None:
        """When the ancestor's bytes are not there any more, a stub is not enough."""
        source, target = pair
        first = await edit_attached(source, "d", attached(kept=b"kept"))
        await replicate(source, target)
        entries = {
            name: msgspec.structs.replace(e, stub=True)
            for name, e in ((await source.get("d")).attachments or {}).items()
        }
        await edit_attached(source, "d", entries, first)
        await target.write([Document(id="d", rev=first, body=b'{"other":"branch"}')])
        await target.compact()
        await replicate(source, target)
        winner = await source.get("d")
        opened = (await target.open_revs("d", [winner.rev]))[0]
        assert isinstance(opened, Document)
        assert b"".join([chunk async for chunk in target.download(opened, "kept")]) == b"kept"


async def edit_attached(database: Database, doc_id: str, entries: dict[str, Attachment], rev: str = "") -> str:
    (outcome,) = await database.write([Document(id=doc_id, rev=rev, attachments=entries)])
    assert outcome.error is None
    return outcome.rev
