"""What each dashboard page asks of the projection, over and over: see dashboards.py."""

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable

from benchmarks.season import Figures
from server.dashboards import views
from server.dashboards.country import Here
from server.dashboards.country import country as country_page
from server.dashboards.register.people import PAGE
from server.dashboards.report import season_report
from server.domain.identifiers import chapter_database
from server.projection import coverage, people, queries, sums
from server.projection.figures import differences
from server.projection.sums import Scope
from server.projection.tables import open_reader
from server.settings import Settings

_LISTED = 200
"""Events or people on a page, as the pages have it."""


def answers(settings: Settings, times: int) -> Figures:
    """All that a page reads for one answer, from the file by itself; other days, chapters, events and people each time."""
    connection = open_reader(settings.projection)
    chance = random.Random(1)
    whole = sums.first_and_last_day(connection)
    assert whole is not None
    length = (whole[1] - whole[0]).days
    slugs = queries.followed_chapters(connection)
    listed = [row.id for row in coverage.waiting(connection, whole[1] + 2 * coverage.QUARTER)]
    rows = queries.list_evenings(connection, Scope(), most=500)
    today = whole[1]
    here = Here(visible=None, today=today, hubs_since={}, phones=(), waiting={})

    def days(**more: str) -> Scope:
        first = whole[0] + dt.timedelta(days=chance.randrange(length))
        return Scope(first=first, last=first + dt.timedelta(days=chance.randrange(length)), **more)

    def event() -> object:
        row = chance.choice(rows)
        return views.event(connection, row.chapter, row.event, {})

    def prisoner() -> object:
        name = chance.choice(listed)
        return people.evenings_of(connection, name, PAGE + 1), people.written_to(connection, name)

    questions: dict[str, Callable[[], object]] = {
        "country": lambda: country_page(connection, days(), here),
        "country_all_time": lambda: country_page(connection, Scope(), here),
        "country_theme": lambda: country_page(connection, days(theme="season"), here),
        "report": lambda: season_report(connection, days(), today),
        "report_of_a_chapter": lambda: season_report(connection, days(chapter=chance.choice(slugs)), today),
        "chapter": lambda: views.chapter(connection, chance.choice(slugs), Scope(), {}, today),
        "chapter_of_days": lambda: views.chapter(connection, chance.choice(slugs), days(), {}, today),
        "event": event,
        "event_documents": lambda: queries.documents_of(
            connection, chapter_database((row := chance.choice(rows)).chapter), row.event
        ),
        "unclosed": lambda: queries.list_evenings(connection, Scope(), "unclosed", _LISTED),
        "differing": lambda: differences(connection, Scope(), _LISTED),
        "disputed": lambda: views.conflicts(connection, None),
        "waiting": lambda: coverage.waiting(connection, today, _LISTED),
        "prisoner": prisoner,
        "register": lambda: people.letters_to(connection, chance.sample(listed, 100)),
        "totals": lambda: sums.totals(connection, days()),
        "totals_of_a_chapter": lambda: sums.totals(connection, days(chapter=chance.choice(slugs))),
    }
    try:
        return {name: measured(question, times) for name, question in questions.items()}
    finally:
        connection.close()


def measured(question: Callable[[], object], times: int) -> Figures:
    """Asks so many times."""
    clock, cpu = [], []
    for _ in range(times):
        began = time.perf_counter(), time.thread_time()
        question()
        clock.append(time.perf_counter() - began[0])
        cpu.append(time.thread_time() - began[1])
    return {"ms": spread(clock), "cpu_ms": spread(cpu)}


def spread(seconds: list[float]) -> Figures:
    """What half of them, and what 95 of 100, keep to; in milliseconds."""
    ordered = sorted(one * 1000 for one in seconds)
    return {"p50": round(statistics.median(ordered), 2), "p95": round(ordered[int(len(ordered) * 0.95)], 2)}
