"""Charts: every number is in the picture and in the table behind it, and nothing that our pages may not contain."""

import re
from xml.etree import ElementTree

import pytest

from server.dashboards.charts import Chart, Series, draw, level

CHART = Chart(
    labels=["12–18 January", "19–25 <January>"],
    marks=["January", ""],
    series=[Series("Letters", [337, 1200]), Series("Cards", [0, 41], "two")],
)


def test_a_picture_holds_its_columns_and_no_style_or_script() -> None:
    """Both pictures are whole XML; each column says what it is; there is no id, inline style, script or address in them."""
    drawn = draw(CHART, lambda number: f"{number:,}")
    for picture in (drawn.wide, drawn.narrow):
        root = ElementTree.fromstring(picture)
        titles = [title.text for title in root.iter() if title.tag.endswith("title")]
        assert "12–18 January: Letters — 337" in titles
        assert "19–25 <January>: Cards — 41" in titles
        assert not re.search(r"<script|<style|style=|\bid=|https?://(?!www\.w3\.org/2000/svg)", picture)


def test_the_same_numbers_give_the_same_picture() -> None:
    """So that an open page only takes over what has changed."""
    assert draw(CHART, str).wide == draw(CHART, str).wide


@pytest.mark.parametrize("values", [[], [0, 0]])
def test_there_may_be_nothing_to_draw(values: list[int]) -> None:
    """No column, or only empty ones: an axis from 0, and no fault."""
    chart = Chart(["x"] * len(values), [""] * len(values), [Series("Letters", values)])
    ElementTree.fromstring(draw(chart, str).wide)


def test_shades_tell_nothing_from_little_and_little_from_most() -> None:
    """0 is for nothing alone, 5 for the most."""
    assert [level(value, 100) for value in (0, 1, 20, 50, 99, 100)] == [0, 1, 1, 3, 5, 5]
    assert level(0, 0) == 0
