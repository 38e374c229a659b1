"""Files that lie beside the packages in a checkout: the texts people see."""

from pathlib import Path

LOCALES = Path(__file__).parent.parent / "locales"
