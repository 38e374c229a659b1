"""Charts as SVG, drawn on the server by pygal: they print, need no script, and look the same wherever they are copied to.

    Chart ──► draw() ──► Drawn { wide, narrow }          the same columns for a desk and for a phone
                └─► templates/charts.html                a figure with its legend, and its table behind it

pygal lays out axes and columns; colours and type are in static/charts.css, by classes, so that a chart follows light, dark and
print. Nothing in it is inline style or script: those are taken out, as our Content-Security-Policy would refuse them.
"""

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, Literal
from xml.etree.ElementTree import Element, SubElement

import msgspec
import pygal
from markupsafe import Markup
from pygal.style import Style

Tone = Literal["one", "two", "three"]
"""The three inks of charts.css; told apart by anybody, and in grey by their order and lightness."""

# Importing pygal leaves a finder for its plug-ins behind, of a kind Python no longer asks: every import of a module that isn't
# there would warn. We have none of its plug-ins.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]

_WIDE = 960, 260
_NARROW = 400, 230
_FEW = 6
_BROADEST = 72.0  # a lone month is a column still, not a wall
_OF_A_COLUMN = ("x", "y", "width", "height")
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


def ceiling(value: int) -> int:
    """The next number of two digits and zeros: columns are measured by it, so that not all move when the longest does."""
    step: int = 10 ** max(0, len(str(value)) - 2)
    return -(-value // step) * step


def level(value: int, most: int) -> int:
    """Which of five shades stands for a value: 0 for nothing, 5 for the most."""
    return min(5, 1 + 5 * value // (most + 1)) if value > 0 else 0


class StackedBar(pygal.StackedBar):  # type: ignore[misc] # pygal has no types
    """pygal's columns without what `_plain` would take out again. Its name is the class of the picture."""

    def __getattribute__(self, name: str) -> Any:
        """What pygal's own answers: from the state while it draws, else from the chart. It asks a hundred times a column."""
        state = object.__getattribute__(self, "__dict__").get("state")
        if state is not None and name in (kept := state.__dict__) and name != "state" and not name.startswith("__"):
            return kept[name]
        return object.__getattribute__(self, name)

    def _tooltip_and_print_values(self, *_: object) -> None:
        """No tooltips: a column's title says what it is."""

    def _confidence_interval(self, *_: object) -> None:
        """None is known."""


def _picture(chart: Chart, number: Callable[[int], str], name: str, width: int, height: int) -> Markup:
    drawing = StackedBar(
        width=width,
        height=height,
        margin=4,
        spacing=4,
        css=[],
        js=[],
        style=Style(label_font_size=13, major_label_font_size=13),
        disable_xml_declaration=True,
        show_legend=False,
        show_x_guides=False,
        truncate_label=-1,
        max_scale=5,
        min_scale=2,
        order_min=0,
        range=(0, ceiling(max(_FEW, *_heights(chart)))),
        value_formatter=lambda value: number(round(value)),
    )
    drawing.x_labels = list(chart.marks)
    for series in chart.series:
        columns = zip(chart.labels, series.values, strict=True)
        drawing.add(
            series.name,
            [
                {"value": value, "label": f"{label}: {series.name} — {number(value)}"} if value else None
                for label, value in columns
            ],
        )
    drawing.add_xml_filter(lambda root: _plain(root, [series.tone for series in chart.series], name))
    svg = re.sub(r"<!--.*?-->", "", drawing.render(is_unicode=True))
    return Markup(_LONG_NUMBER.sub(lambda found: f"{float(found[0]):.1f}", svg))  # noqa: S704 - ElementTree has escaped it


def _heights(chart: Chart) -> list[int]:
    return [sum(column) for column in zip(*(series.values for series in chart.series), strict=True)] or [0]


def _plain(root: Element, tones: Sequence[Tone], name: str) -> Element:
    """Leaves axes and columns: no style, no script, no id but those of pieces; what a column is becomes its title."""
    del root.attrib["id"]
    root.set("aria-hidden", "true")  # the table behind it is what is read out
    root.set("focusable", "false")
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("defs", "title") or "overlay" in child.get("class", "") or child.get("class") == "titles":
                parent.remove(child)
    for at, bar in enumerate([one for one in root.iter("g") if one.get("class") == "bar"]):
        _say(bar)
        if name:
            bar.attrib = {"id": f"{name}-{at}", "data-piece": "", **bar.attrib}
    for number, tone in enumerate(tones):
        for group in root.iter("g"):
            if f"serie-{number}" in group.get("class", "").split():
                group.set("class", f"series tone-{tone}")
    return root


def _say(bar: Element) -> None:
    """A column's label as its title, which browsers show on touch and hover."""
    texts = [desc.text or "" for desc in bar.findall("desc") if desc.get("class") == "label"]
    for desc in bar.findall("desc"):
        bar.remove(desc)
    for rect in bar.iter("rect"):
        rect.attrib = {name: value for name, value in rect.attrib.items() if name in _OF_A_COLUMN}
        if (excess := float(rect.attrib["width"]) - _BROADEST) > 0:
            rect.attrib |= {"width": f"{_BROADEST}", "x": f"{float(rect.attrib['x']) + excess / 2}"}
    if texts:
        SubElement(bar, "title").text = texts[0]
