"""Charts: every number is in the picture and in the table behind it, and nothing that our pages may not contain."""

import datetime as dt
import re
from xml.etree import ElementTree

import pytest

from server.dashboards.charts import Chart, Series, draw, every, level
from server.dashboards.national import course_chart
from server.language import language_named
from server.projection.sums import NOTHING, Step

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


def test_columns_are_as_high_as_their_numbers_and_stand_on_each_other() -> None:
    """One scale for all of them, the same as that of the lines across the picture; nothing is drawn for 0."""
    svg = ElementTree.fromstring(draw(CHART, str).wide)
    levels = {text.text: float(text.attrib["y"]) for text in svg.iter() if text.tag.endswith("text")}
    of_one = (levels["0"] - levels["800"]) / 800
    columns = [{name: float(value) for name, value in one.items()} for one in svg.findall(".//*[@class='bar']/{*}rect")]
    assert [round(column["height"] / of_one) for column in columns] == pytest.approx([337, 1200, 41], abs=2)
    letters, cards = columns[1:]
    assert cards["y"] + cards["height"] == pytest.approx(letters["y"], abs=0.2)
    assert (cards["x"], cards["width"]) == (letters["x"], letters["width"])


def test_every_column_of_a_live_page_is_a_piece() -> None:
    """One that shows nothing yet too, so that its first letter moves no other column."""
    chart = Chart(["x", "y"], ["", ""], [Series("Letters", [0, 0]), Series("Cards", [0, 5], "two")])
    pieces = re.findall(r'id="([^"]+)" data-piece', draw(chart, str, "course").narrow)
    assert pieces == [f"course-narrow-{number}" for number in range(4)]


def test_lines_are_at_round_numbers_and_few() -> None:
    """From 0 up to the highest column, whatever its height."""
    for most in (1, 7, 33, 99, 1200, 31_700, 999_999):
        said = re.findall(r'<text x="-5"[^>]*>(\d+)<', draw(Chart(["x"], [""], [Series("Letters", [most])]), str).wide)
        numbers = [int(one) for one in said]
        assert numbers[0] == 0
        assert 3 <= len(numbers) <= 6
        assert {one % numbers[1] for one in numbers} == {0}
        assert re.fullmatch("[1248]0*", said[1])


@pytest.mark.parametrize("values", [[], [0, 0]])
def test_there_may_be_nothing_to_draw(values: list[int]) -> None:
    """No column, or only empty ones: an axis from 0, and no fault."""
    chart = Chart(["x"] * len(values), [""] * len(values), [Series("Letters", values)])
    ElementTree.fromstring(draw(chart, str).wide)


def test_shades_tell_nothing_from_little_and_little_from_most() -> None:
    """0 is for nothing alone, 5 for the most."""
    assert [level(value, 100) for value in (0, 1, 20, 50, 99, 100)] == [0, 1, 1, 3, 5, 5]
    assert level(0, 0) == 0


@pytest.mark.parametrize(("columns", "apart"), [(0, 1), (1, 1), (7, 1), (8, 2), (12, 2), (15, 3), (80, 12)])
def test_as_many_columns_are_named_as_fit_on_a_phone(columns: int, apart: int) -> None:
    """Never more than seven names, evenly spread; all columns where there are no more than that."""
    assert every(columns) == apart
    assert len(range(0, columns, every(columns))) <= 7


def test_a_week_is_named_after_the_month_that_most_of_it_lies_in() -> None:
    """Letters of Thursday 29 January stand above January; each month is named once."""
    mondays = [dt.date(2026, 1, 26) + dt.timedelta(weeks=number) for number in range(6)]
    weeks = [Step(monday, monday + dt.timedelta(days=6), NOTHING) for monday in mondays]
    chart = course_chart(language_named("en"), "week", weeks)
    assert list(chart.marks) == ["Jan", "Feb", "", "", "", "Mar"]
