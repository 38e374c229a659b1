"""Pages made once for all who look: one making for each change, and to each page only what it does not show yet."""

import anyio
import msgspec
import pytest

from server import boards
from server.boards import Board, Boards, Parts, Rendered

pytestmark = pytest.mark.anyio


class Counting:
    """A content that says what it is told to, and how often it was made."""

    def __init__(self) -> None:
        self.parts = {"letters": "1", "heads": "5"}
        self.mark = "1-run"
        self.made = 0

    async def make(self) -> Rendered:
        self.made += 1
        await anyio.lowlevel.checkpoint()
        return Rendered(f"letters: {self.parts['letters']}", dict(self.parts))

    def board(self) -> Board:
        return Board(self.make, lambda: self.mark)

    def change(self, **parts: str) -> None:
        self.parts.update(parts)
        self.mark = f"{int(self.mark[0]) + 1}-run"


@pytest.fixture(autouse=True)
def no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "GAP_SECONDS", 0.0)


def told(event: bytes | None) -> dict[str, str]:
    """The parts an event brings."""
    assert event is not None
    assert event.startswith(b"event: parts\n")
    parts: dict[str, str] = msgspec.json.decode(event.partition(b"data: ")[2])["parts"]
    return parts


async def test_five_hundred_ask_and_it_is_made_once() -> None:
    """For each change once, however many pages are woken by it."""
    counting = Counting()
    board = counting.board()
    for expected in (1, 2):
        async with anyio.create_task_group() as tasks:
            for _ in range(500):
                tasks.start_soon(board.fresh)
        assert counting.made == expected
        counting.change(letters=str(expected))


async def test_a_page_is_sent_what_it_does_not_show() -> None:
    """Only changed parts; one that slept through several changes gets all of them; one that shows everything gets nothing."""
    counting = Counting()
    board = counting.board()
    first = await board.fresh()
    counting.change(letters="2")
    second = await board.fresh()
    counting.change(heads="6")
    third = await board.fresh()
    assert told(second.news(first.made)) == {"letters": "2"}
    assert told(third.news(second.made)) == {"heads": "6"}
    assert told(third.news(first.made)) == {"letters": "2", "heads": "6"}
    assert third.news(third.made) is None
    assert board.news(third, first.made) is board.news(third, first.made)


async def test_a_piece_is_sent_without_the_part_it_is_in() -> None:
    """The part is, whole, when anything else in it changed: another piece came, or its frame is another."""
    counting = Counting()
    board = counting.board()

    def course(*pieces: str, frame: str = "") -> str:
        rows = "".join(f'<tr id="row-{at}" data-piece><td>{piece}</td></tr>' for at, piece in enumerate(pieces))
        return f"<table>{frame}{rows}</table>"

    counting.change(course=course("1", "2"))
    first = await board.fresh()
    for shown, expected in (
        (course("1", "3"), {"row-1": "<td>3</td>"}),
        (course("1", "3", frame="!"), {"course": course("1", "3", frame="!")}),
        (course("1", "3", "4"), {"course": course("1", "3", "4"), "row-2": "<td>4</td>"}),
    ):
        counting.change(course=shown)
        second = await board.fresh()
        assert told(second.news(first.made)) == expected
        first = second


async def test_a_page_of_other_parts_is_to_fetch_itself() -> None:
    """When a chapter came, and for a page of another run of the server."""
    counting = Counting()
    board = counting.board()
    first = await board.fresh()
    counting.change(tver="1")
    second = await board.fresh()
    for made in (first.made, 0, second.made + 1):
        assert second.news(made) == b"event: change\ndata: \n\n"


async def test_what_changes_while_it_is_made_is_made_again() -> None:
    """The mark is taken before the question, so no change is lost."""
    counting = Counting()

    async def make() -> Rendered:
        rendered = await Counting.make(counting)
        if counting.made == 1:
            counting.change(letters="2")
        return rendered

    board = Board(make, lambda: counting.mark)
    assert (await board.fresh()).content == b"letters: 1"
    assert (await board.fresh()).content == b"letters: 2"


async def test_boards_are_kept_by_what_they_depend_on() -> None:
    """The same key is the same board; of many keys the oldest are let go."""
    counting, all_of_them = Counting(), Boards()

    def ask(key: object) -> Board:
        return all_of_them.board(key, counting.make, lambda: counting.mark)

    first = ask("a")
    assert ask("a") is first
    for number in range(100):
        ask(number)
    assert ask("a") is not first


def test_parts_are_escaped_and_remembered() -> None:
    """Attributes are escaped; the content is a template's own."""
    parts = Parts()
    shown = parts.fresh("row:x", tag="tr", caller=lambda: "<td>1</td>", class_='a"b')
    assert shown == '<tr id="row:x" data-fresh class="a&#34;b"><td>1</td></tr>'
    assert parts.kept == {"row:x": "<td>1</td>"}
