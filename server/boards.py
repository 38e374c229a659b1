"""Pages that many have open at once, made once for all of them: one question to the projection for each change.

    signals ──► every open stream ──► Board.fresh() ──one of them──► make() ──► Snapshot { mark, parts }
                                        the others wait for it              └─► what changed since a page's mark, as bytes

A page's parts are what changes of its HTML (`{% call fresh("tiles") %}` in its template). A stream sends those that are not
what the page already shows, so a tap at one event costs each open page a few thousand bytes, written once. A part that is long,
as a chart is, may have pieces, `<tr id="…" data-piece>`: they go by themselves, and the part when something else of it changed.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from hashlib import blake2b

import anyio
import msgspec
from markupsafe import Markup, escape

GAP_SECONDS = 0.25
"""Changes that come faster than this are shown together."""
STALE_SECONDS = 60.0
"""Some of what pages show changes without a signal: phones are enrolled, days pass."""
_MOST_BOARDS = 32
_PIECE = re.compile(r'(<(\w+) id="([^"]+)" data-piece\b[^>]*>)(.*?)</\2>', re.DOTALL)


class Rendered(msgspec.Struct, frozen=True):
    """A page's content, and the parts of it that change, by their ids."""

    content: str
    parts: Mapping[str, str]


class Snapshot(msgspec.Struct, frozen=True):
    """A content as of a mark. `changed` says at which making each part or piece last became what it is.

    A board that nobody has open is kept too, so no more is kept than may be asked for: the content as bytes; of each part
    without its pieces, and of each piece, a digest that tells whether the next making's is the same (`shows`); and the HTML of
    those alone that changed since the page last had other parts (`sent`).
    """

    mark: str
    made: int
    at: float
    content: bytes
    parts: frozenset[str]
    shows: Mapping[str, bytes]
    changed: Mapping[str, int]
    sent: Mapping[str, str]
    since_shape: int

    def news(self, since: int) -> bytes | None:
        """The event for a page that shows the making `since`; None where nothing it shows has changed.

        A page of other parts than there are now, or of another run of the server, is told to fetch itself.
        """
        if not self.since_shape <= since <= self.made:
            return b"event: change\ndata: \n\n"
        parts = {name: self.sent[name] for name, made in self.changed.items() if made > since}
        if not parts:
            return None
        return b"event: parts\ndata: " + msgspec.json.encode({"made": self.made, "parts": parts}) + b"\n\n"


class Board:
    """One page in one language for one circle of readers."""

    def __init__(self, make: Callable[[], Awaitable[Rendered]], mark: Callable[[], str]) -> None:
        self._make = make
        self._mark = mark
        self._lock = anyio.Lock()
        self._last: Snapshot | None = None
        self._news: tuple[int, int, bytes | None] | None = None

    async def fresh(self) -> Snapshot:
        """The page as it is now. However many ask at once, it is made once."""
        async with self._lock:
            last = self._last
            if last is not None and last.mark == self._mark() and time.monotonic() - last.at < STALE_SECONDS:
                return last
            if last is not None:
                await anyio.sleep(max(0.0, last.at + GAP_SECONDS - time.monotonic()))
            mark = self._mark()  # before the question: what changes while it is answered is asked for again
            self._last = _following(last, mark, await self._make())
            return self._last

    def news(self, snapshot: Snapshot, since: int) -> bytes | None:
        """As `Snapshot.news`; the bytes are the same ones for every page that shows the same."""
        if self._news is None or self._news[:2] != (snapshot.made, since):
            self._news = (snapshot.made, since, snapshot.news(since))
        return self._news[2]


class Boards:
    """The boards somebody looked at lately."""

    def __init__(self) -> None:
        self._boards: OrderedDict[Hashable, Board] = OrderedDict()

    def board(self, key: Hashable, make: Callable[[], Awaitable[Rendered]], mark: Callable[[], str]) -> Board:
        """The board of a key: everything its content depends on but the data. `make` makes its content."""
        found = self._boards.get(key)
        if found is None:
            found = self._boards[key] = Board(make, mark)
            while len(self._boards) > _MOST_BOARDS:
                self._boards.popitem(last=False)
        self._boards.move_to_end(key)
        return found


class Parts:
    """`fresh`, as templates call it: remembers what it was handed, and puts it into the page."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def fresh(self, name: str, tag: str = "div", caller: Callable[[], str] = str, **attributes: str) -> Markup:
        """An element that changes while the page is open: its id, its tag, its content as the body of the `call`."""
        self.kept[name] = str(caller())
        given = "".join(f' {escape(key.rstrip("_"))}="{escape(value)}"' for key, value in attributes.items())
        opening, closing = f'<{escape(tag)} id="{escape(name)}" data-fresh{given}>', f"</{escape(tag)}>"
        return Markup(opening + self.kept[name] + closing)  # noqa: S704 - the content is a template's, the rest escaped


def _following(last: Snapshot | None, mark: str, rendered: Rendered) -> Snapshot:
    made = last.made + 1 if last else int(time.time() * 1000)
    parts = frozenset(rendered.parts)
    before = last if last is not None and last.parts == parts else None
    sent, shows = _pieces(rendered.parts)
    if before is None:
        changed = dict.fromkeys(shows, made)
    else:
        changed = {name: before.changed[name] if before.shows.get(name) == one else made for name, one in shows.items()}
    since_shape = before.since_shape if before else made
    return Snapshot(
        mark=mark,
        made=made,
        at=time.monotonic(),
        content=rendered.content.encode(),
        parts=parts,
        shows=shows,
        changed=changed,
        sent={name: sent[name] for name, at in changed.items() if at > since_shape},
        since_shape=since_shape,
    )


def _pieces(parts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, bytes]]:
    """The HTML of each part and of each piece within one; and of each the digest of what is not a piece's."""
    sent, shows = dict(parts), dict[str, bytes]()
    for name, html in parts.items():
        pieces = {found[3]: found[4] for found in _PIECE.finditer(html)} if "data-piece" in html else {}
        sent.update(pieces)
        shows |= {piece: _digest(own) for piece, own in pieces.items()}
        shows[name] = _digest(_PIECE.sub(r"\1", html) if pieces else html)
    return sent, shows


def _digest(html: str) -> bytes:
    return blake2b(html.encode(), digest_size=16).digest()
