"""Texts, numbers and dates as pages say them."""

import pytest

from server.language import Language


@pytest.mark.parametrize(
    ("n", "words"),
    [(1, "1 письмо"), (2, "2 письма"), (5, "5 писем"), (11, "11 писем"), (21, "21 письмо"), (1234, "1\xa0234 письма")],
)
def test_russian_counts(n: int, words: str) -> None:
    """The form fits the number."""
    assert Language("ru").text("sent-count", n=n) == words


def test_english_counts() -> None:
    """The same, with a comma between thousands."""
    assert Language("en").text("sent-count", n=1) == "1 letter"
    assert Language("en").text("sent-count", n=1234) == "1,234 letters"


def test_values_are_filled_in_as_they_are() -> None:
    """No invisible marks around them: people copy these texts into others."""
    assert Language("en").text("device-unknown", tail="ABCD") == "Device …ABCD"


def test_cases_are_forms_of_their_own() -> None:
    """A word is written down in every case it is needed in, and the text around it names the case."""
    assert Language("ru").text("country-eyebrow") == "Вечера писем политзаключённым"
    assert Language("en").text("country-eyebrow") == "Letter-writing evenings for political prisoners"


def test_a_missing_text_or_value_is_an_error() -> None:
    """Better a failed test than a page with a hole."""
    with pytest.raises(KeyError):
        Language("en").text("no-such-text")
    with pytest.raises(KeyError):
        Language("en").text("sign-in-as")
    with pytest.raises(KeyError):
        Language("en").text("sent-count")
