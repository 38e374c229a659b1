"""The choice of days and theme above the numbers, from the address of the page."""

import datetime as dt

from starlette.requests import Request

from server.domain.identifiers import is_slug
from server.projection.queries import Scope


def scope_of(request: Request) -> Scope:
    """The scope a page's address asks for. What can't be read is as if it were not there: it stays visible in the form."""
    theme = request.query_params.get("theme", "")
    return Scope(
        first=_day(request.query_params.get("from", "")),
        last=_day(request.query_params.get("to", "")),
        theme=theme if is_slug(theme) else None,
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
