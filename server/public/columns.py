"""The chart of the published months. The table that stands below it is what a screen reader reads."""

from functools import lru_cache

from msgspec import Struct

from server.dashboards.charts import Chart, Drawn, Series, draw, every
from server.language import Language
from server.publication.figures import Cell


class MonthRow(Struct, frozen=True):
    """A month in full and in short, and what is said of it."""

    label: str
    mark: str
    cell: Cell


@lru_cache(maxsize=16)
def draw_months(months: tuple[MonthRow, ...], language: Language) -> Drawn:
    """A column of what was written for each month."""
    apart = every(len(months))
    written = [month.cell.written or 0 for month in months]
    chart = Chart(
        labels=[month.label for month in months],
        marks=["" if index % apart else month.mark for index, month in enumerate(months)],
        series=[Series(language.text("figure-written"), written)],
    )
    return draw(chart, language.number)
