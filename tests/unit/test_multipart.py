"""Multipart bodies are read and written as streams, however they are cut."""

from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import multipart
from sync.errors import BadContentType, BadRequest
from sync.multipart import Piece

pytestmark = pytest.mark.anyio


async def stream(chunks: Sequence[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def cut(body: bytes, size: int) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


async def parts_of(chunks: Sequence[bytes], boundary: str = "b") -> list[tuple[dict[str, str], bytes]]:
    return [(dict(part.headers), await part.read(1 << 20)) async for part in multipart.read(stream(chunks), boundary)]


def piece(body: bytes, **headers: str) -> Piece:
    return Piece({name.replace("_", "-"): value for name, value in headers.items()}, body, len(body))


async def written(pieces: Sequence[Piece], boundary: str = "b") -> bytes:
    return b"".join([chunk async for chunk in multipart.write(pieces, boundary)])


class TestReading:
    @pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
    async def test_cuts_do_not_matter(self, size: int) -> None:
        """However the network cuts the body, the parts are the same."""
        body = (
            b'preamble\r\n--b\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n--b \r\n\r\n--bin\r\n--\r\n--b--tail'
        )
        assert await parts_of(cut(body, size)) == [
            ({"content-type": "application/json"}, b'{"a":1}'),
            ({}, b"--bin\r\n--"),
        ]

    async def test_parts_left_unread_are_skipped(self) -> None:
        """A reader that wants one part only need not read the others."""
        body = await written([piece(b"one", X_N="1"), piece(b"two", X_N="2")])
        names = [part.headers["x-n"] async for part in multipart.read(stream([body]), "b")]
        assert names == ["1", "2"]

    async def test_nested(self) -> None:
        """A multipart part is read by reading its bytes again."""
        inner = await written([piece(b"{}"), piece(b"bytes")], "inner")
        outer = await written([piece(inner, Content_Type='multipart/related; boundary="inner"')], "outer")
        found = [
            await leaf.read(100)
            async for part in multipart.read(stream(cut(outer, 5)), "outer")
            async for leaf in multipart.read(aiter(part), multipart.boundary_of(part.headers["content-type"]))
        ]
        assert found == [b"{}", b"bytes"]

    @pytest.mark.parametrize("body", [b"", b"no parts", b"--b\r\nA: 1\r\n\r\nhalf", b"--b\r\nA: 1", b"--b"])
    async def test_a_body_cut_short_is_an_error(self, body: bytes) -> None:
        """A truncated body never passes for a whole one."""
        with pytest.raises(BadRequest):
            await parts_of([body])

    @pytest.mark.parametrize("body", [b"--b\r\nno colon\r\n\r\n\r\n--b--", b"--b\r\nA: " + b"x" * 20_000])
    async def test_bad_heads_are_errors(self, body: bytes) -> None:
        """Headers must be headers, and bounded."""
        with pytest.raises(BadRequest):
            await parts_of([body])

    async def test_a_part_longer_than_the_limit_is_an_error(self) -> None:
        """Whoever reads a part whole says how much that may be."""
        body = await written([piece(b"12345")])
        with pytest.raises(BadRequest, match="longer than 4 bytes"):
            [await part.read(4) async for part in multipart.read(stream([body]), "b")]


class TestWriting:
    @given(st.lists(st.binary(max_size=60), max_size=4), st.integers(1, 40))
    async def test_round_trip(self, bodies: list[bytes], size: int) -> None:
        """What is written is read back, and is as long as was announced."""
        pieces = [piece(body, Content_Type="a/b", Content_Disposition='attachment; filename="й"') for body in bodies]
        boundary = multipart.new_boundary()
        body = await written(pieces, boundary)
        assert len(body) == multipart.length(pieces, boundary)
        if bodies:
            assert [found for _, found in await parts_of(cut(body, size), boundary)] == bodies


class TestHeaders:
    def test_boundary(self) -> None:
        """The boundary may be quoted."""
        assert multipart.boundary_of('multipart/mixed; boundary="a b"') == "a b"
        assert multipart.boundary_of("Multipart/Related;boundary=ab;type=x") == "ab"

    @pytest.mark.parametrize("header", ["application/json", "multipart/mixed", "text/plain; boundary=a", ""])
    def test_no_boundary(self, header: str) -> None:
        """A type without a boundary can't be read."""
        with pytest.raises(BadContentType):
            multipart.boundary_of(header)
