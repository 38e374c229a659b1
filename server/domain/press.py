"""What may be said to the press about an evening: which sentences, with which numbers. The words are `locales/*/press.ftl`.

    Figures, sent ──► Numbers ──► press_line ──► Sentence, Sentence, …  ──► language.text(key, **values)

- Written is not sent: "sent" is said only of what was dispatched.
- A number nobody has declared is provisional, and the line says so.
- Visitors are never counted in public: attendance is a band ("more than a hundred people"), and a small circle is not
  mentioned, because those who know who was invited would know who came.
- A lower bound stays one: "at least 200 letters".

The phone's twin is `pwa/src/domain/press.ts`; `fixtures/golden/press.json` holds both to the same words.
"""

from collections.abc import Mapping

from msgspec import Struct

from server.domain import totals

BANDS = (1000, 500, 300, 200, 150, 100, 70, 50, 30, 20)
"""Attendance is told as "more than" the first of these that it exceeds; twenty people and fewer are not mentioned."""


class Numbers(Struct, frozen=True, forbid_unknown_fields=True):
    """What the sentences are made from. The `least_…` say that a number is a lower bound."""

    written: int
    recipients: int = 0
    cards: int = 0
    heads: int = 0
    sent: int = 0
    provisional: bool = False
    least_written: bool = False
    least_recipients: bool = False
    least_heads: bool = False


class Sentence(Struct, frozen=True):
    """A key of the catalogue and the values of its text."""

    key: str
    values: Mapping[str, str | int] = {}


def numbers_of(figures: totals.Figures, sent: int, *, provisional: bool) -> Numbers:
    """Take an event's figures, `provisional` while nobody closed it.

    Cards are postcards, bought and handmade; they are among the letters written.
    """
    cards, handmade, written = figures["cards"], figures["handmade"], totals.written(figures)
    return Numbers(
        written=written.published,
        recipients=figures["recipients"].published,
        # Part of a lower bound is no number to name.
        cards=0 if cards.at_least or handmade.at_least else cards.published + handmade.published,
        heads=figures["heads"].published,
        sent=sent,
        provisional=provisional,
        least_written=written.at_least,
        least_recipients=figures["recipients"].at_least,
        least_heads=figures["heads"].at_least,
    )


def press_line(numbers: Numbers) -> list[Sentence]:
    """Choose the sentences about an evening, in their order; none where nothing was written and hardly anybody came."""
    band = attendance(numbers.heads, at_least=numbers.least_heads)
    line = [Sentence(f"press-heads-{band}")] if band else []
    if numbers.written > 0:
        line.append(_written(numbers))
    if 0 < numbers.cards < numbers.written:
        line.append(Sentence("press-cards", {"n": numbers.cards}))
    if numbers.sent > 0:
        all_of_them = numbers.sent == numbers.written and not numbers.least_written and not numbers.provisional
        line.append(Sentence("press-sent-all" if all_of_them else "press-sent", {"n": numbers.sent}))
    return line


def attendance(heads: int, *, at_least: bool = False) -> int | None:
    """Name the band of an attendance, None for a small circle. A hundred as a lower bound is "more than a hundred" too."""
    return next((band for band in BANDS if heads > band or (at_least and heads == band)), None)


def _written(numbers: Numbers) -> Sentence:
    to = "least" if numbers.least_recipients else "exact"
    return Sentence(
        "press-written",
        {
            "stage": "provisional" if numbers.provisional else "final",
            "bound": "least" if numbers.least_written else "exact",
            "letters": numbers.written,
            "to": to if numbers.recipients > 0 else "nobody",
            "recipients": numbers.recipients,
        },
    )
