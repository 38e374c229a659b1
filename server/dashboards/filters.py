"""The choice of days and theme above the numbers, and the page of a long list, from the address of the page."""

from starlette.requests import Request

from server.dashboards.periods import period_of
from server.domain.identifiers import is_slug
from server.projection.sums import Scope


def scope_of(request: Request) -> Scope:
    """The scope a page's address asks for. What can't be read is as if it were not there: it stays visible in the form."""
    theme = request.query_params.get("theme", "")
    period = period_of(request.query_params)
    return Scope(first=period.first, last=period.last, theme=theme if is_slug(theme) else None)


def skip_of(request: Request) -> int:
    """How many of a long list were on the pages before."""
    text = request.query_params.get("skip", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 0
