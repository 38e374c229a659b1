"""The catalogue itself: well formed, the same in both languages, plural forms whole."""

from collections import Counter

import pytest
from fluent.syntax import ast
from fluent.syntax.serializer import serialize_variant_key

from server.language import LANGUAGES, Code, bound, language_named
from tests.unit.texts.catalogue import TEXTS, entries, read, within

FORMS = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}
PLURALS = {"zero", "one", "two", "few", "many", "other"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_line_is_understood(code: Code) -> None:
    """A fault in a file would silently drop the text it stands in."""
    assert [(path.name, entry.content) for path, entry in entries(code) if isinstance(entry, ast.Junk)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_key_stands_twice(code: Code) -> None:
    """Two areas with the same key would hide each other's text."""
    assert [key for key, times in Counter(text.key for text in read(code)).items() if times > 1] == []


def test_both_languages_say_the_same_things() -> None:
    """Every key stands in both languages, in files of the same name, with the same values to fill in."""
    russian, english = (
        {(t.path.name, t.key, *sorted(t.variables)) for t in TEXTS[code].values()} for code in LANGUAGES
    )
    assert russian == english


@pytest.mark.parametrize("code", LANGUAGES)
def test_plural_forms_are_complete(code: Code) -> None:
    """A text that depends on a number has exactly the forms of its language (and may say a number of its own: [0])."""
    for text in TEXTS[code].values():
        for select in within(text.pattern, ast.SelectExpression):
            forms = {serialize_variant_key(variant.key) for variant in select.variants}
            if forms & PLURALS:
                assert {form for form in forms if not form.isdecimal()} == FORMS[code], text.key


@pytest.mark.parametrize(
    ("typed", "bound_so"),
    [
        ("ждём — и дождёмся", "ждём\N{NO-BREAK SPACE}— и\N{NO-BREAK SPACE}дождёмся"),
        ("точку с запятой", "точку с\N{NO-BREAK SPACE}запятой"),
        ("{ $n } и { $of }", "{ $n } и\N{NO-BREAK SPACE}{ $of }"),
        ("колония № 2", "колония №\N{NO-BREAK SPACE}2"),
        ("дыня в мяч", "дыня в\N{NO-BREAK SPACE}мяч"),
        ("key =\n    — с новой строки", "key =\n    — с\N{NO-BREAK SPACE}новой строки"),
        ("{ $с ->", "{ $с ->"),
    ],
)
def test_no_line_breaks_where_it_must_not(typed: str, bound_so: str) -> None:
    """A dash never begins a line and a word of one letter never ends one; the file's own structure is left alone."""
    assert bound(typed) == bound_so


@pytest.mark.parametrize("code", LANGUAGES)
def test_dashes_keep_to_their_words(code: Code) -> None:
    """What is said has it so, not only the rule."""
    language = language_named(code)
    said = [language.text(text.key) for text in TEXTS[code].values() if not text.variables and text.key[0] != "-"]
    assert [text for text in said if " — " in text] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_quotation_marks_are_typographic(code: Code) -> None:
    """«Ёлочки» in Russian, “these” and ’ in English: an inch and a foot mark are neither."""
    wrong = [
        text.key
        for text in TEXTS[code].values()
        for element in within(text.pattern, ast.TextElement)
        if set(element.value) & {"'", '"'}
    ]
    assert wrong == []
