"""Files that lie beside the packages in a checkout, and inside of them in an installed wheel: the texts people see."""

from pathlib import Path

_INSTALLED = Path(__file__).parent / "locales"
LOCALES = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parent.parent / "locales"
