"""Charts as SVG, drawn on the server: they print, need no script, and look the same wherever they are copied to.

    Chart ──► draw() ──► Drawn { wide, narrow }          the same columns for a desk and for a phone
                └─► templates/charts.html                a figure with its legend, and its table behind it

Here is where things are; colours and type are in static/charts.css, by classes, so that a chart follows light, dark and print.
Nothing is inline style or script, which our Content-Security-Policy would refuse.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

import msgspec
from markupsafe import Markup, escape

Tone = Literal["one", "two", "three"]
"""The three inks of charts.css; told apart by anybody, and in grey by their order and lightness."""

_WIDE = 960, 260
_NARROW = 400, 230
_FEW = 6
_MOST_LINES = 5
_BROADEST = 72.0  # a lone month is a column still, not a wall
_FILLED = 0.88  # how much of its place a column fills
_EDGE = 4
_FONT = 13
_DIGIT = 0.6 * _FONT
_LONGER = 1.04  # axes are a little longer than what they measure, at both ends


class Series(msgspec.Struct, frozen=True):
    """What is stacked in each column: its name, its values in the order of the columns, and its ink."""

    name: str
    values: Sequence[int]
    tone: Tone = "one"


class Chart(msgspec.Struct, frozen=True):
    """Columns over time or places. `marks` stand at the axis ("" for none), `labels` say in full what a column is."""

    labels: Sequence[str]
    marks: Sequence[str]
    series: Sequence[Series]


class Drawn(msgspec.Struct, frozen=True):
    """A chart with its pictures: the wider one for a desk and paper, the other one for a phone."""

    chart: Chart
    wide: Markup
    narrow: Markup
    name: str = ""


def draw(chart: Chart, number: Callable[[int], str], name: str = "") -> Drawn:
    """Draws a chart; `number` writes numbers as the page's language does.

    In a chart with a `name` each column is a piece of a live page by itself (server/boards.py): one tap moves one column.
    """
    wide, narrow = (f"{name}-{size}" if name else "" for size in ("wide", "narrow"))
    return Drawn(chart, _picture(chart, number, wide, *_WIDE), _picture(chart, number, narrow, *_NARROW), name)


def bar(parts: Iterable[tuple[int, Tone]], most: int) -> Markup:
    """A bar beside a number in a table: how much of the most, its parts one after the other."""
    x, drawn = 0.0, ""
    for value, tone in parts:
        if value:
            width = 100.0 * value / (most or 1)
            drawn += f'<rect class="tone-{tone}" x="{x:.2f}" y="0" width="{width:.2f}" height="10"/>'
            x += width
    return Markup(  # noqa: S704 - numbers and our own words
        '<svg class="databar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{drawn}</svg>"
    )


def ceiling(value: int) -> int:
    """The next number of two digits and zeros: columns are measured by it, so that not all move when the longest does."""
    step: int = 10 ** max(0, len(str(value)) - 2)
    return -(-value // step) * step


def level(value: int, most: int) -> int:
    """Which of five shades stands for a value: 0 for nothing, 5 for the most."""
    return min(5, 1 + 5 * value // (most + 1)) if value > 0 else 0


class _Frame(msgspec.Struct, frozen=True):
    """Where columns and values are, from the upper end of the vertical axis; `top` is the highest value there is room for."""

    width: float
    height: float
    columns: int
    top: int

    @property
    def place(self) -> float:
        """How wide the place of a column is."""
        return self.width / _LONGER / self.columns

    def middle(self, column: int) -> float:
        """The middle of a column."""
        return self.width * (1 - 1 / _LONGER) / 2 + self.place * (column + 0.5)

    def y(self, value: float) -> float:
        """How far down a value is."""
        return self.height * ((1 + 1 / _LONGER) / 2 - value / self.top / _LONGER)


def _picture(chart: Chart, number: Callable[[int], str], name: str, width: int, height: int) -> Markup:
    heights = map(sum, zip(*(series.values for series in chart.series), strict=True))
    top = ceiling(max(_FEW, *heights)) if chart.labels else _FEW
    lines = {value: number(value) for value in _lines(top)}
    left = 2 * _EDGE + max(_FONT, _DIGIT * max(map(len, lines.values())))
    below = _EDGE + (_EDGE + _FONT if chart.marks else 0)
    frame = _Frame(width - left - _EDGE, height - below - _EDGE, len(chart.labels), top)
    parts = (
        # The table behind it is what is read out.
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" aria-hidden="true" focusable="false">',
        f'<g transform="translate({int(left)} {_EDGE})">',
        *_axes(frame, lines, chart.marks),
        *_columns(frame, chart, number, name),
        "</g></svg>",
    )
    return Markup("".join(parts))  # noqa: S704 - numbers, our own words, and what is escaped


def _lines(top: int) -> range:
    """The values with a line across the picture: round ones, and only a few."""
    step: int = 10 ** (round(math.log10(top)) - 1)
    while top / step > _MOST_LINES:
        step *= 2
    return range(0, top + 1, step)


def _axes(frame: _Frame, lines: dict[int, str], marks: Sequence[str]) -> Iterator[str]:
    yield '<g class="axis y">'
    for value, said in lines.items():
        y = frame.y(value)
        yield f'<path d="M0 {y:.1f}h{frame.width:.1f}"/><text x="-5" y="{y + 0.35 * _FONT:.1f}">{escape(said)}</text>'
    yield '</g><g class="axis x">'
    for column, mark in enumerate(marks):
        if mark:
            y = frame.height + 10 + _FONT / 2
            yield f'<text x="{frame.middle(column):.1f}" y="{y:.1f}">{escape(mark)}</text>'
    yield "</g>"


def _columns(frame: _Frame, chart: Chart, number: Callable[[int], str], name: str) -> Iterator[str]:
    """Each series on top of those before it. What a column says is its title, which browsers show on touch and hover."""
    width = min(_BROADEST, _FILLED * frame.place) if chart.labels else 0
    below, piece = [0] * frame.columns, 0
    for series in chart.series:
        yield f'<g class="tone-{series.tone}">'
        for column, (label, value) in enumerate(zip(chart.labels, series.values, strict=True)):
            yield f'<g id="{name}-{piece}" data-piece="" class="bar">' if name else '<g class="bar">'
            piece += 1
            if value:
                bottom = frame.y(below[column])
                below[column] += value
                top = frame.y(below[column])
                x = frame.middle(column) - width / 2
                yield f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{bottom - top:.1f}"/>'
                yield f"<title>{escape(f'{label}: {series.name} — {number(value)}')}</title>"
            yield "</g>"
        yield "</g>"
