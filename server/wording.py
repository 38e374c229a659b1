"""Lines that are put together from several texts: which ones the domain decides, the words are the catalogue's."""

from server.domain.press import Numbers, press_line
from server.language import Language


def press_words(language: Language, numbers: Numbers) -> str:
    """Say in a language what may be said to the press about an evening. Empty where nothing may."""
    return " ".join(language.text(sentence.key, **sentence.values) for sentence in press_line(numbers))
