"""Every text is said somewhere, and everything said has a text."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.unit.texts.catalogue import TEXTS
from tests.unit.texts.families import FAMILIES

ROOT = Path(__file__).parents[3]
KNOWN = set(TEXTS["ru"])

_PART = r"[a-z0-9-]*"
# Each catches the beginning and the end of a key that is put together.
_JINJA = re.compile(rf"""["'](?P<begin>[a-z]{_PART}-)["'] ~ [^~"')\s]+(?: ~ ["'](?P<end>-{_PART})["'])?""")
_PYTHON = re.compile(rf'\bf"(?P<begin>[a-z]{_PART}-)\{{[^}}]+\}}(?P<end>{_PART})"')
_TYPESCRIPT = re.compile(rf"\bt\(\s*`(?P<begin>[a-z]{_PART}-)\$\{{[^}}]+\}}(?P<end>{_PART})`")
_ASKED = re.compile(r"""\b(?:t|text|say)\(\s*["']([a-z][\w-]*)["'](?!\s*~)""")
_NAMED = re.compile(r"""["']([a-z]+(?:-[a-z0-9]+)+)["']""")


def _sources() -> Iterator[tuple[Path, str]]:
    for folder, pattern in (("server", "*.py"), ("server", "*.html"), ("pwa/src", "*.ts"), ("pwa/src", "*.tsx")):
        for path in (ROOT / folder).rglob(pattern):
            if "generated" not in path.parts:
                yield path, path.read_text("utf-8")


SOURCES = dict(_sources())


def _families() -> Iterator[tuple[str, str]]:
    """Where a key is put together, and the family it belongs to. Only templates and `t(` say texts; f-strings say much else."""
    made_of = {".html": _JINJA, ".ts": _TYPESCRIPT, ".tsx": _TYPESCRIPT, ".py": _PYTHON}
    for path, source in SOURCES.items():
        for found in made_of[path.suffix].finditer(source):
            family = f"{found['begin']}{{}}{found['end'] or ''}"
            if path.suffix != ".py" or family in FAMILIES:
                yield path.name, family


def _members(family: str) -> set[str]:
    return {family.format(value) for value in FAMILIES[family]}


def test_every_key_asked_for_has_a_text() -> None:
    """A key in `t("…")` is in the catalogue."""
    asked = {(path.name, key) for path, source in SOURCES.items() for key in _ASKED.findall(source)}
    assert {(name, key) for name, key in asked if key not in KNOWN} == set()


def test_every_family_is_declared_and_whole() -> None:
    """A key put together from a value belongs to a family of families.py, and each of its members has a text."""
    assert {(name, family) for name, family in _families() if family not in FAMILIES} == set()
    assert {key for family in FAMILIES for key in _members(family)} - KNOWN == set()


def test_every_text_is_said() -> None:
    """No key, no term and no family is left over."""
    families = {family for _, family in _families()}
    assert set(FAMILIES) - families == set()
    named = {key for source in SOURCES.values() for key in _NAMED.findall(source)}
    said = {key for key in KNOWN if key in named} | {key for family in families for key in _members(family)}
    terms = {term for texts in TEXTS.values() for text in texts.values() for term in text.terms}
    assert KNOWN - said - terms == set()
