"""Published numbers by place and time: sums of blocks, and nothing else.

A cell without a block says nothing (null), which is not zero.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import asdict

from server.domain.suppression import THRESHOLD, Block, recipients_beside
from server.publication.releases import COUNTRY, Release, Releases

Published = Annotated[int, Meta(ge=THRESHOLD)]


class Cell(Struct, frozen=True):
    """What is said of some evenings together. null: nothing may be said, or nothing was counted.

    `at_least` names the figures that contain a lower bound.
    """

    heads: Published | None = None
    written: Published | None = None
    at_least: tuple[str, ...] = ()


class PlaceTotals(Cell, frozen=True):
    """A chapter or the country: all of its time, its years and months in order."""

    years: dict[str, Cell] = {}
    months: dict[str, Cell] = {}


class CountryTotals(PlaceTotals, frozen=True):
    """The country, and how many different prisoners were written to."""

    recipients: Published | None = None


Place = tuple[str, str]
"""A chapter and the id of an evening in it. An id alone says too little: nothing keeps another chapter from using it."""


class Figures(Struct, frozen=True):
    """Everything that is published. `events` are the evenings that are published alone."""

    country: CountryTotals
    chapters: dict[str, PlaceTotals]
    events: dict[Place, Cell]
    together: frozenset[Place]
    """The evenings that are published only together with others."""


_Pair = tuple[str, Block]


def figures(releases: Releases) -> Figures:
    """Add the releases up."""
    chapters = {slug: release for slug, release in sorted(releases.items()) if slug != COUNTRY}
    known = {slug: list(_blocks(release)) for slug, release in chapters.items()}
    alone = {(slug, event): cell for slug, pairs in known.items() for event, cell in _by(pairs, _only_event).items()}
    named = {(slug, event) for slug, pairs in known.items() for _, block in pairs for event in block.events}
    country = _place(pair for pairs in known.values() for pair in pairs)
    recipients = recipients_beside(releases.get(COUNTRY, Release()).recipients, country.written)
    return Figures(
        country=CountryTotals(**asdict(country), recipients=recipients),
        chapters={slug: _place(pairs) for slug, pairs in known.items()},
        events=alone,
        together=frozenset(named - alone.keys()),
    )


def _only_event(block: Block) -> str | None:
    return block.events[0] if len(block.events) == 1 else None


def _blocks(release: Release) -> Iterator[_Pair]:
    """The blocks something is said of, with the name of their figure."""
    for name, blocks in (("heads", release.heads), ("written", release.written)):
        yield from ((name, block) for block in blocks if block.count is not None)


def _place(blocks: Iterable[_Pair]) -> PlaceTotals:
    known = list(blocks)
    whole = _cell(known)
    return PlaceTotals(
        whole.heads,
        whole.written,
        whole.at_least,
        years=_by(known, lambda block: block.day.isoformat()[:4]),
        months=_by(known, lambda block: block.day.isoformat()[:7]),
    )


def _by(blocks: Iterable[_Pair], key: Callable[[Block], str | None]) -> dict[str, Cell]:
    grouped: dict[str, list[_Pair]] = {}
    for name, block in blocks:
        if (group := key(block)) is not None:
            grouped.setdefault(group, []).append((name, block))
    return {group: _cell(pairs) for group, pairs in sorted(grouped.items())}


def _cell(pairs: Iterable[_Pair]) -> Cell:
    sums: dict[str, int] = {}
    bounds: set[str] = set()
    for name, block in pairs:
        sums[name] = sums.get(name, 0) + (block.count or 0)
        if block.at_least:
            bounds.add(name)
    return Cell(sums.get("heads"), sums.get("written"), tuple(sorted(bounds)))


_MOST_MONTHS = 240


def months_between(first: str, last: str) -> list[str]:
    """The months from one to another, both included: "2026-01", "2026-02", …

    Of more than twenty years the last ones: a mistyped year must not make a page of ten thousand months.
    """
    start, end = (dt.date.fromisoformat(f"{month}-01") for month in (first, last))
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    numbers = range(start.month - 1 + max(0, count - _MOST_MONTHS), start.month - 1 + count)
    return [f"{start.year + n // 12:04}-{n % 12 + 1:02}" for n in numbers]
