"""The season on paper: a page made to be printed, with charts, tables, and the lines for the press in both languages."""

import datetime as dt
import sqlite3
from collections.abc import Sequence

from msgspec import Struct, structs
from starlette.requests import Request
from starlette.responses import Response

from server.context import context_of
from server.dashboards.access import coordinator
from server.dashboards.charts import Chart, Drawn, Series, Tone, draw, every
from server.dashboards.filters import scope_of
from server.dashboards.rendering import page
from server.domain import validation
from server.domain.documents import Declarable, Localized
from server.domain.identifiers import chapter_database, is_slug
from server.domain.press import numbers_of
from server.domain.totals import Figures, Tally
from server.language import LANGUAGES, Language, language_named, language_of
from server.projection import queries, sums
from server.projection.bounds import bounds
from server.projection.figures import figures_of
from server.projection.queries import EveningRow
from server.projection.sums import Scope, Sum
from server.publication.figures import months_between
from server.wording import press_words

_MOST_EVENTS = 200
_MOST_LINES = 30


class Line(Struct, frozen=True):
    """What may be said to the press about an event, by language."""

    row: EveningRow
    words: dict[str, str]


class Season(Struct, frozen=True):
    """All that the report says. `left_out` are events beyond those listed, `bounds` the declared lower bounds.

    A chapter's report has no `chapters`. `undated` is what was written at evenings whose day is not known yet, or has not come:
    other pages count it.
    """

    sum: Sum
    bounds: Sequence[Declarable]
    chapters: Sequence[tuple[Localized, Sum]]
    months: Sequence[tuple[dt.date, Tally | None]]
    events: Sequence[EveningRow]
    left_out: int
    undated: int
    lines: Sequence[Line]
    names: dict[str, Localized]


async def report(request: Request) -> Response:
    """The report of the days, theme and chapter in the address; a chapter's coordinator gets the chapter's."""
    context, identity = context_of(request), await coordinator(request)
    asked = request.query_params.get("chapter", "")
    chapter = asked if is_slug(asked) else None
    if identity.role != "national":
        chapter = chapter or identity.chapters[0]
    if chapter is not None:
        validation.authorize(chapter_database(chapter), identity, "read")
    scope = structs.replace(scope_of(request), chapter=chapter)
    season = await context.tables.read(season_report, scope, dt.datetime.now(dt.UTC).date())
    language = language_of(request)
    chapters = sorted(season.chapters, key=lambda row: language.name(row[0]))
    drawn = _chart(season, language)
    return page(request, "report.html", identity, scope=scope, season=season, chapters=chapters, drawn=drawn)


def season_report(connection: sqlite3.Connection, asked: Scope, today: dt.date) -> Season:
    """What was, up to today: evenings that are only planned are in the schedule."""
    scope = structs.replace(asked, last=min(asked.last or today, today))
    names = {slug: chapter.name for slug, chapter in queries.chapters(connection).items()}
    by_chapter = sums.by_chapter(connection, scope) if scope.chapter is None else {}
    events = queries.list_evenings(connection, scope, most=_MOST_EVENTS)
    closed = [row for row in events if row.closed and row.published_written][:_MOST_LINES]
    whole = sums.sum_of(connection, scope)
    return Season(
        sum=whole,
        bounds=bounds(connection, scope) if whole.bounds else (),
        chapters=[(names.get(slug, Localized(ru=slug, en=slug)), one) for slug, one in by_chapter.items()],
        months=_months(sums.course(connection, scope, "month")),
        events=events,
        undated=sums.sum_of(connection, asked).tally.written - whole.tally.written,
        left_out=queries.count_evenings(connection, scope) - len(events),
        lines=[_line(row, figures) for row, figures in figures_of(connection, closed)],
        names=names,
    )


def _months(steps: Sequence[sums.Step]) -> list[tuple[dt.date, Tally | None]]:
    """Every month from the first to the last, those without an evening too."""
    known = {step.first.isoformat()[:7]: step.sum.tally for step in steps}
    between = months_between(min(known), max(known)) if known else []
    return [(dt.date.fromisoformat(f"{month}-01"), known.get(month)) for month in between]


def _line(row: EveningRow, figures: Figures) -> Line:
    numbers = numbers_of(figures, row.sent, provisional=not row.closed)
    return Line(row, {code: press_words(language_named(code), numbers) for code in LANGUAGES})


def _chart(season: Season, language: Language) -> Drawn:
    apart = every(len(season.months))
    firsts, tallies = [first for first, _ in season.months], [tally for _, tally in season.months]
    inks: tuple[tuple[str, Tone], ...] = (("letters", "one"), ("cards", "two"), ("handmade", "three"))
    return draw(
        Chart(
            labels=[language.month(first) for first in firsts],
            marks=["" if index % apart else language.pattern(first, "LLL") for index, first in enumerate(firsts)],
            series=[
                Series(language.text(f"figure-{kind}"), [getattr(tally, kind, 0) for tally in tallies], ink)
                for kind, ink in inks
            ],
        ),
        language.number,
    )
