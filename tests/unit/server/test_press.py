"""What is said to the press: the golden lines, and the numbers they are made from."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.domain.counting import Counted
from server.domain.documents import Closing
from server.domain.press import BANDS, Numbers, attendance, numbers_of, press_line
from server.domain.totals import publish_counted
from server.language import LANGUAGES, Language
from server.wording import press_words

GOLDEN = Path(__file__).parents[3] / "fixtures" / "golden" / "press.json"
CASES = [pytest.param(case, id=case["name"]) for case in json.loads(GOLDEN.read_text(encoding="utf-8"))]
COUNTED = Counted(heads=104, letters=225, cards=80, handmade=32, recipients=frozenset({"prisoner:A", "prisoner:B"}))
CLOSING = {
    "schema": 1,
    "type": "closing",
    "event": "event:01KG57Q800904F111BE4JDPJPJ",
    "chapter": "moscow",
    "basis": "tally",
}
CLOSING |= {"device": "01KF0E44M06KSTJAB3DD6CQ8PB"}


def _numbers(sent: int = 0, **declared: Any) -> Numbers:
    published = publish_counted(COUNTED, msgspec.convert(CLOSING | declared, Closing))
    return numbers_of(published.figures, sent, provisional=published.provisional)


@pytest.mark.parametrize("case", CASES)
def test_the_golden_lines_are_said_in_both_languages(case: dict[str, Any]) -> None:
    """The phone is held to the same."""
    numbers = msgspec.convert(case["numbers"], Numbers)
    said = {code: press_words(Language(code), numbers) for code in LANGUAGES}
    assert said == {"ru": case["ru"], "en": case["en"]}


def test_what_is_declared_is_said_and_the_tally_for_all_else() -> None:
    """A lower bound stays one."""
    numbers = _numbers(sent=5, heads=100, at_least=["heads"], letters=230)
    assert (numbers.written, numbers.cards, numbers.heads, numbers.recipients, numbers.sent) == (342, 112, 100, 2, 5)
    assert (numbers.least_heads, numbers.least_written, numbers.provisional) == (True, False, False)


def test_part_of_a_lower_bound_is_not_named() -> None:
    """Sixty cards or more are no number of cards."""
    numbers = _numbers(cards=60, at_least=["cards"])
    assert (numbers.cards, numbers.least_written) == (0, True)


@pytest.mark.parametrize("heads", [0, 1, 7, 19, 20])
def test_a_small_circle_is_never_mentioned(heads: int) -> None:
    """Nor by a band of its own."""
    assert attendance(heads) is None
    assert press_line(Numbers(written=0, heads=heads)) == []


@pytest.mark.parametrize("band", BANDS)
def test_a_band_begins_beyond_its_number(band: int) -> None:
    """A hundred people are not more than a hundred, unless a hundred is the least they were."""
    assert attendance(band + 1) == band
    assert attendance(band, at_least=True) == band
    assert attendance(band) != band


@pytest.mark.parametrize("sent", [0, 3, 337])
def test_sent_is_said_only_of_what_was_sent(sent: int) -> None:
    """Written is not sent."""
    said = press_words(Language("ru"), Numbers(written=337, recipients=77, sent=sent))
    assert ("отправлен" in said) is (sent > 0)
