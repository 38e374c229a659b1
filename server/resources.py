"""Files that lie beside the packages in a checkout, and inside of them in an installed wheel."""

from pathlib import Path

_HERE = Path(__file__).parent


def _place(installed: str, beside: str) -> Path:
    inside = _HERE / installed
    return inside if inside.is_dir() else _HERE.parent / beside


LOCALES = _place("locales", "locales")
"""The texts people see."""
PHONE_APP = _place("phone_app", "pwa/dist")
"""The phone app, as its build left it."""
