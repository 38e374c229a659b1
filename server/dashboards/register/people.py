"""Everybody in the register, found by name in any spelling; and one person with all that is known and was written."""

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.context import context_of
from server.dashboards.access import coordinator
from server.dashboards.filters import skip_of
from server.dashboards.history import entry_history
from server.dashboards.rendering import page
from server.domain import names
from server.domain.documents import Placement, Prisoner, Theme
from server.domain.identifiers import is_prisoner, theme_id
from server.domain.identity import Identity
from server.domain.staleness import STALE_MONTHS, current, is_stale
from server.projection import people as letters
from server.projection.people import Occasion
from server.register import Shelf

PAGE = 50

LABELS = {
    "name": "register-name",
    "name_ru": "register-name-ru",
    "name_en": "register-name-en",
    "born": "register-born",
    "status": "register-status",
    "articles": "register-articles",
    "detained_since": "register-since",
    "sentence": "register-sentence",
    "themes": "register-themes",
    "sources": "register-sources",
    "note": "register-note",
    "placements": "placement-title",
    "facility": "placement-facility",
    "address": "placement-address",
    "from": "placement-from",
    "to": "placement-to",
    "verified_on": "placement-verified",
    "source": "placement-source",
    "merged_into": "doubles-merged",
}
"""What the fields of a prisoner and of a placement are called."""


class Row(msgspec.Struct, frozen=True):
    """A person in the list."""

    id: str
    prisoner: Prisoner
    placement: Placement | None
    stale: bool
    written: int
    last: dt.date | None


class Had(msgspec.Struct, frozen=True):
    """The evenings of a page, how many come before the next one (None: there is none), and the letters in other chapters."""

    evenings: Sequence[Occasion]
    more: int | None
    elsewhere: int


class Choice(msgspec.Struct, frozen=True):
    """What the list is asked for; it stands in the address."""

    q: str = ""
    status: str = ""
    theme: str = ""
    facility: str = ""
    stale: bool = False
    page: int = 1

    def chooses(self, prisoner: Prisoner, today: dt.date) -> bool:
        """Whether somebody is asked for."""
        placement = current(prisoner)
        return (
            prisoner.merged_into is None
            and (not self.status or prisoner.status == self.status)
            and (not self.theme or self.theme in prisoner.themes)
            and (not self.facility or (placement is not None and placement.facility == self.facility))
            and (not self.stale or is_stale(prisoner, today))
            and (not self.q or names.finds(self.q, names.keys(prisoner)))
        )

    @property
    def is_any(self) -> bool:
        """Whether anything is asked for at all."""
        return self != Choice(page=self.page)


async def people(request: Request) -> Response:
    """The list, in the order of names."""
    context, identity = context_of(request), await coordinator(request)
    shelf, choice = await context.register.shelf(), _choice(request)
    today = dt.datetime.now(dt.UTC).date()
    found = [(name, one) for name, one in shelf.prisoners.items() if choice.chooses(one, today)]
    found.sort(key=lambda person: person[1].name.ru or person[1].name.en)
    shown = found[(choice.page - 1) * PAGE : choice.page * PAGE]
    had = await context.tables.read(letters.letters_to, [name for name, _ in shown])
    rows = [_row(name, one, today, had) for name, one in shown]
    return page(
        request,
        "register.html",
        identity,
        rows=rows,
        choice=choice,
        found=len(found),
        pages=-(-len(found) // PAGE),
        months=STALE_MONTHS,
        turn=lambda number: str(request.url.include_query_params(page=number).replace(scheme="", netloc="")),
        **_choices(shelf),
    )


def _letters(connection: sqlite3.Connection, name: str, identity: Identity, skip: int) -> Had:
    """What was written to somebody, as far as a coordinator is told of it."""
    if identity.role == "national":
        rows, elsewhere = letters.evenings_of(connection, name, PAGE + 1, skip), 0
    else:
        there = letters.evenings_in(connection, name, identity.chapters)
        rows = there[skip : skip + PAGE + 1]
        elsewhere = letters.written_to(connection, name) - sum(one.written for one in there)
    return Had(rows[:PAGE], skip + PAGE if rows[PAGE:] else None, elsewhere)


async def person(request: Request) -> Response:
    """One person. Whoever was merged into another leads there."""
    context, identity = context_of(request), await coordinator(request)
    name = prisoner_in(request)
    shelf = await context.register.shelf()
    prisoner = shelf.prisoners.get(name)
    if prisoner is None:
        raise HTTPException(404)
    kept = shelf.survivors.get(name)
    if kept in shelf.prisoners and "double" not in request.query_params:
        return RedirectResponse(f"/dashboard/register/{kept}", 303)
    had = await context.tables.read(_letters, name, identity, skip_of(request))
    return page(
        request,
        "prisoner.html",
        identity,
        id=name,
        prisoner=prisoner,
        stale=is_stale(prisoner, dt.datetime.now(dt.UTC).date()),
        themes={slug: theme for slug in prisoner.themes if (theme := shelf.all(Theme).get(theme_id(slug)))},
        kept=kept,
        doubles={other: shelf.prisoners[other] for other, end in shelf.survivors.items() if end == name},
        had=had,
        history=entry_history(prisoner, await context.audit.acts(name)),
        labels=LABELS,
    )


def prisoner_in(request: Request) -> str:
    """The prisoner in the address. Raises a 404 for what is no id of one."""
    name = str(request.path_params["prisoner"])
    if not is_prisoner(name):
        raise HTTPException(404)
    return name


def _choice(request: Request) -> Choice:
    asked = request.query_params
    number = asked.get("page", "1")
    return Choice(
        asked.get("q", "").strip()[:100],
        asked.get("status", ""),
        asked.get("theme", ""),
        asked.get("facility", ""),
        bool(asked.get("stale")),
        max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1,
    )


def _choices(shelf: Shelf) -> dict[str, Any]:
    """What there is to choose from."""
    people = [one for one in shelf.prisoners.values() if one.merged_into is None]
    facilities: Sequence[str] = sorted({place.facility for one in people if (place := current(one))})
    return {
        "statuses": sorted({one.status for one in people}),
        "themes": {name.partition(":")[2]: theme for name, theme in shelf.all(Theme).items()},
        "facilities": facilities,
    }


def _row(name: str, prisoner: Prisoner, today: dt.date, had: Mapping[str, letters.Had]) -> Row:
    mine = had.get(name, letters.NOTHING)
    return Row(name, prisoner, current(prisoner), is_stale(prisoner, today), mine.written, mine.last)
