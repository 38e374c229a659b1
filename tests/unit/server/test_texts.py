"""The pages' texts: the same in both languages, none missing, none left over."""

import re
from pathlib import Path

import pytest

from server.dashboards.language import LANGUAGES, Code, Language

ROOT = Path(__file__).parents[3]
FORMS = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}
TEXTS = {code: Language(code).texts for code in LANGUAGES}
SOURCES = "\n".join(
    path.read_text("utf-8")
    for pattern in ("templates/*.html", "*.py")
    for path in (ROOT / "server/dashboards").glob(pattern)
)


def test_both_languages_say_the_same_things() -> None:
    """Every key stands in both files, with the same values to fill in."""
    assert list(TEXTS["ru"]) == list(TEXTS["en"])
    for key, russian in TEXTS["ru"].items():
        english = TEXTS["en"][key]
        assert _fields(russian) == _fields(english), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_plural_forms_are_complete(code: Code) -> None:
    """A text that depends on a count has exactly the forms of its language."""
    for key, text in TEXTS[code].items():
        if isinstance(text, dict):
            assert set(text) == FORMS[code], key


def test_every_text_is_used_and_every_use_has_a_text() -> None:
    """Keys in templates exist; keys in files are used, by name or by the beginning of a name that is put together."""
    named = set(re.findall(r'\bt\("([\w.]+)"', SOURCES)) | set(re.findall(r"\bt\('([\w.]+)'", SOURCES))
    begun = set(re.findall(r'"([\w.]+\.)" ~', SOURCES))
    keys = set(TEXTS["ru"])
    assert {name for name in named if not name.endswith(".")} - keys == set()
    unused = {key for key in keys - named if not key.startswith(tuple(begun)) and f'"{key}"' not in SOURCES}
    assert unused == set()


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 письмо"), (2, "2 письма"), (5, "5 писем"), (11, "11 писем"), (21, "21 письмо"), (1234, "1\xa0234 письма")],
)
def test_russian_counts(count: int, words: str) -> None:
    """The form fits the number."""
    assert Language("ru").text("sent.count", count=count) == words


def test_a_missing_text_or_value_is_an_error() -> None:
    """Better a failed test than a page with a hole."""
    with pytest.raises(KeyError):
        Language("en").text("no.such.text")
    with pytest.raises(KeyError):
        Language("en").text("signed_in_as")
    with pytest.raises(KeyError):
        Language("en").text("sent.count")


def _fields(text: str | dict[str, str]) -> set[str]:
    whole = text if isinstance(text, str) else text["other"]
    return set(re.findall(r"{(\w+)}", whole)) - {"count"}
