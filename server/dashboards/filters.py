"""The choice of days and theme above the numbers, from the address of the page."""

from starlette.requests import Request

from server.dashboards.periods import period_of
from server.domain.identifiers import is_slug
from server.projection.sums import Scope


def scope_of(request: Request) -> Scope:
    """The scope a page's address asks for. What can't be read is as if it were not there: it stays visible in the form."""
    theme = request.query_params.get("theme", "")
    period = period_of(request.query_params)
    return Scope(first=period.first, last=period.last, theme=theme if is_slug(theme) else None)
