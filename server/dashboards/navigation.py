"""The areas of the dashboards, as the head of every page lists them, and the one a page is in."""

from typing import NamedTuple

from server.domain.identity import Identity

_AREAS = {
    "nav-country": ("/dashboard", "/dashboard/chapters", "/dashboard/events", "/dashboard/look", "/dashboard/waiting"),
    "nav-register": ("/dashboard/register",),
    "nav-conflicts": ("/dashboard/conflicts",),
    "nav-refused": ("/dashboard/refused",),
    "nav-devices": ("/dashboard/devices", "/dashboard/invites", "/dashboard/sessions", "/dashboard/acts"),
    "nav-night": ("/dashboard/night",),
    "nav-report": ("/dashboard/report",),
}
"""The text of each area, and the addresses of what is in it: the first is where it is entered."""


class Area(NamedTuple):
    """One of the areas, and whether the page that is shown is in it."""

    address: str
    key: str
    here: bool


def areas(identity: Identity | None, path: str) -> list[Area]:
    """What the head of a page leads to; nothing for somebody not signed in."""
    if identity is None:
        return []
    several = identity.role == "national" or len(identity.chapters) > 1
    return [
        Area(entrance, "nav-chapter" if key == "nav-country" and not several else key, _is_in(path, entrance, others))
        for key, (entrance, *others) in _AREAS.items()
    ]


def _is_in(path: str, entrance: str, others: list[str]) -> bool:
    # Every page is below the country's, which therefore names those that are its own.
    tops = others if entrance == "/dashboard" else [entrance, *others]
    return path == entrance or path.startswith(tuple(f"{top}/" for top in tops)) or path in others
