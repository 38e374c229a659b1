"""Charts as SVG, drawn on the server by pygal: they print, need no script, and look the same wherever they are copied to.

    Chart ──► draw() ──► Drawn { wide, narrow }          the same columns for a desk and for a phone
                └─► templates/charts.html                a figure with its legend, and its table behind it

pygal lays out scale and axes; colours and type are in static/charts.css, by classes, so that a chart follows light, dark and
print. Nothing in it is inline style or script: those are taken out, as our Content-Security-Policy would refuse them.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal
from xml.etree.ElementTree import Element

import msgspec
import pygal
from markupsafe import Markup, escape
from pygal.style import Style

Tone = Literal["one", "two", "three"]
"""The three inks of charts.css; told apart by anybody, and in grey by their order and lightness."""

# Importing pygal leaves a finder for its plug-ins behind, of a kind Python no longer asks: every import of a module that isn't
# there would warn. We have none of its plug-ins.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]

_WIDE = 960, 260
_NARROW = 400, 230
_FEW = 6
_NAMES = 7  # so many names of months fit under a chart on a phone
_BROADEST = 72.0  # a lone month is a column still, not a wall
_FILLED = 0.88  # how much of its place a column fills
_HERE = '<g class="columns" />'
_STYLE = Style(label_font_size=13, major_label_font_size=13)
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")


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


def every(count: int) -> int:
    """Which of so many columns are named, every so-manyth: as many names as fit under a chart on a phone."""
    return -(-count // _NAMES) or 1


def ceiling(value: int) -> int:
    """The next number of two digits and zeros: columns are measured by it, so that not all move when the longest does."""
    step: int = 10 ** max(0, len(str(value)) - 2)
    return -(-value // step) * step


def level(value: int, most: int) -> int:
    """Which of five shades stands for a value: 0 for nothing, 5 for the most."""
    return min(5, 1 + 5 * value // (most + 1)) if value > 0 else 0


class _Axes(msgspec.Struct, frozen=True):
    """A picture without its columns, which belong between `opening` and `closing`, and where they are in it."""

    opening: str
    closing: str
    start: float
    place: float
    zero: float
    each: float

    def middle(self, column: int) -> float:
        """Where a column is."""
        return self.start + (column + 0.5) * self.place

    def y(self, value: int) -> float:
        """How far down a value is."""
        return self.zero - value * self.each


class Bar(pygal.Bar):  # type: ignore[misc] # pygal has no types
    """pygal's scale and axes; of the five elements it makes of each column, we would take most out again."""

    def _x_axis(self) -> None:
        """Of most columns the axis says nothing."""
        self._x_labels: list[tuple[str, float]] = [label for label in self._x_labels or () if label[0]]
        super()._x_axis()

    def _plot(self) -> None:
        """Where columns would be is known now, and only now: pygal forgets it with the end of `render`."""
        self.svg.node(self.nodes["plot"], class_="columns")
        self.config.start, self.config.end = self.view.x(0), self.view.x(1)
        self.config.zero, self.config.one = self.view.y(0), self.view.y(1)


@lru_cache(maxsize=64)
def _axes(marks: tuple[str, ...], top: int, number: Callable[[int], str], width: int, height: int) -> _Axes:
    """Kept, because they are the same for the next numbers of the same time, and dear to lay out."""
    drawing = Bar(
        width=width,
        height=height,
        margin=4,
        spacing=4,
        css=[],
        js=[],
        style=_STYLE,
        disable_xml_declaration=True,
        show_legend=False,
        show_x_guides=False,
        truncate_label=-1,
        max_scale=5,
        min_scale=2,
        order_min=0,
        range=(0, top),
        value_formatter=lambda value: number(round(value)),
    )
    drawing.x_labels = list(marks)
    drawing.add("", [0] * (len(marks) or 1))
    drawing.add_xml_filter(_plain)
    svg = re.sub(r"<!--.*?-->", "", drawing.render(is_unicode=True))
    opening, _, closing = _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.1f}", svg).partition(_HERE)
    where = drawing.config
    place = (where.end - where.start) / (len(marks) or 1)
    return _Axes(opening, closing, where.start, place, where.zero, where.zero - where.one)


def _picture(chart: Chart, number: Callable[[int], str], name: str, width: int, height: int) -> Markup:
    heights = [sum(column) for column in zip(*(series.values for series in chart.series), strict=True)]
    axes = _axes(tuple(chart.marks), ceiling(max(_FEW, *heights, 0)), number, width, height)
    columns = "".join(_columns(axes, chart, number, name))
    # ElementTree has escaped the axes, and `_columns` what it writes.
    return Markup(axes.opening + columns + axes.closing)  # noqa: S704


def _columns(axes: _Axes, chart: Chart, number: Callable[[int], str], name: str) -> Iterator[str]:
    """Each series on top of those before it. What a column says is its title, which browsers show on touch and hover."""
    width = min(_FILLED * axes.place, _BROADEST)
    below, piece = [0] * len(chart.labels), 0
    for series in chart.series:
        yield f'<g class="series tone-{series.tone}">'
        for column, (label, value) in enumerate(zip(chart.labels, series.values, strict=True)):
            yield f'<g id="{name}-{piece}" data-piece="" class="bar">' if name else '<g class="bar">'
            piece += 1
            if value:
                bottom = axes.y(below[column])
                below[column] += value
                x, y = axes.middle(column) - width / 2, axes.y(below[column])
                yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{bottom - y:.1f}"/>'
                yield f"<title>{escape(f'{label}: {series.name} — {number(value)}')}</title>"
            yield "</g>"
        yield "</g>"


def _plain(root: Element) -> Element:
    """Leaves axes: no style, no script, no ids."""
    del root.attrib["id"]
    root.set("aria-hidden", "true")  # the table behind it is what is read out
    root.set("focusable", "false")
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("defs", "title") or "overlay" in child.get("class", "") or child.get("class") == "titles":
                parent.remove(child)
    return root
