"""The areas in the head of a dashboard's page."""

import pytest

from server.dashboards.navigation import areas
from server.domain.identity import Identity

FOX = Identity("01KFW000000000000000000F0X", "national", pseudonym="Fox")
OWL = Identity("01KFW000000000000000000W01", "coordinator", ("moscow",), "Owl")


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/dashboard", "nav-country"),
        ("/dashboard/chapters/moscow", "nav-country"),
        ("/dashboard/look/unclosed", "nav-country"),
        ("/dashboard/waiting", "nav-country"),
        ("/dashboard/register/table", "nav-register"),
        ("/dashboard/conflicts", "nav-conflicts"),
        ("/dashboard/invites", "nav-devices"),
        ("/dashboard/acts", "nav-devices"),
        ("/dashboard/report", "nav-report"),
    ],
)
def test_a_page_is_in_one_area(path: str, key: str) -> None:
    """Wherever somebody is, one area is marked as the one they are in."""
    assert [area.key for area in areas(FOX, path) if area.here] == [key]


def test_somebody_of_one_chapter_has_no_country() -> None:
    """Their first area is called by what it shows; who is not signed in has none."""
    assert areas(OWL, "/dashboard")[0].key == "nav-chapter"
    assert areas(None, "/dashboard") == []
