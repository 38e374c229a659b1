"""Texts, numbers and dates in Russian and English.

The texts are `locales/<language>/*.ftl`, in Project Fluent's syntax, and are the phone app's too:

    sent-count =
        { $n ->
            [one] { $n } письмо
            [few] { $n } письма
            [many] { $n } писем
           *[other] { $n } письма
        }
"""

import datetime as dt
import re
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle, FluentResource
from starlette.requests import Request

from server.domain.days import local
from server.domain.documents import Localized
from server.resources import LOCALES

Code = Literal["ru", "en"]
LANGUAGES: tuple[Code, ...] = ("ru", "en")
COOKIE = "language"
_DEFAULT = "ru"
# What no line may begin or end with: a dash keeps to the word before it, a word of one letter to the word after it. Authors
# of texts type plain spaces; the phone's build does the same (pwa/build/catalogue.mjs).
_BEFORE_DASH = re.compile(r"(?<=\S) (?=— )")
_AFTER_LETTER = re.compile(r"(?<![\w$-])([авикосуяАВИКОСУЯ№]) (?=[\w«{])")


class Language:
    """One language: what templates say, count and date with."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._locale = Locale.parse(code)
        # No isolating marks around values: both languages run left to right, and people copy these texts into others.
        self._bundle = FluentBundle([code], use_isolating=False)
        for path in sorted((LOCALES / code).glob("*.ftl")):
            self._bundle.add_resource(FluentResource(bound(path.read_text("utf-8"))))

    def __contains__(self, key: str) -> bool:
        return self._bundle.has_message(key)

    def text(self, key: str, **values: str | float) -> str:
        """The text of a key, numbers in it written and plural forms chosen as the language does.

        Raises KeyError for a key that is missing, or a value that the text needs: better no page than one with a hole.
        """
        return _text(self._bundle, key, **values)

    def number(self, number: int) -> str:
        """A whole number with its thousands set apart."""
        return _number(number, self._locale)

    def day(self, moment: dt.date) -> str:
        """A date: 29 января 2026 г. / 29 January 2026."""
        return format_date(moment, "d MMMM y", locale=self._locale)

    def month(self, month: dt.date) -> str:
        """A month with its year: январь 2026 / January 2026."""
        return format_date(month, "LLLL y", locale=self._locale)

    def vague(self, date: str) -> str:
        """A year, a month or a day, no more exactly than it is known; what is no date stays as it stands."""
        try:
            day = dt.date.fromisoformat((date + "-01-01")[:10])
        except ValueError:
            return date
        return {4: date, 7: self.month(day)}.get(len(date), self.day(day))

    def pattern(self, moment: dt.date, pattern: str) -> str:
        """Any part of a date or time, by CLDR's letters: "EEEE", "LLL", "HH:mm"."""
        if isinstance(moment, dt.datetime):
            return format_datetime(moment, pattern, tzinfo=moment.tzinfo, locale=self._locale)
        return format_date(moment, pattern, locale=self._locale)

    def days(self, first: dt.date, last: dt.date) -> str:
        """A span of days: 12–18 янв. 2026 г. / 12–18 Jan 2026."""
        return _interval(first, last, _SPANS[self.code])

    def moment(self, moment: dt.datetime, zone: str | None = None) -> str:
        """A date and time, in a time zone of its own or in the one it was written in."""
        shown = local(moment, zone)
        return format_datetime(shown, "d MMMM y, HH:mm", tzinfo=shown.tzinfo, locale=self._locale)

    def name(self, words: Localized) -> str:
        """A name in this language, or in the other where there is none."""
        return (words.ru or words.en) if self.code == "ru" else (words.en or words.ru)


def bound(source: str) -> str:
    """A file of texts with those spaces unbreakable at which a line must not be broken."""
    return _AFTER_LETTER.sub("\\1\N{NO-BREAK SPACE}", _BEFORE_DASH.sub("\N{NO-BREAK SPACE}", source))


# Days come before months here, as in every date we write.
_SPANS: dict[Code, Locale] = {"ru": Locale.parse("ru"), "en": Locale.parse("en_GB")}


# A page of a country holds some hundreds of texts, numbers and weeks, and most of them again the next time.
@lru_cache(maxsize=8192, typed=True)
def _text(bundle: FluentBundle, key: str, **values: str | float) -> str:
    pattern = bundle.get_message(key).value
    if pattern is None:
        raise KeyError(key)
    text, errors = bundle.format_pattern(pattern, values)
    if errors:
        raise KeyError(f"{key}: {errors[0]}")
    return str(text)


@lru_cache(maxsize=8192)
def _number(number: int, locale: Locale) -> str:
    return format_decimal(number, locale=locale)


@lru_cache(maxsize=2048)
def _interval(first: dt.date, last: dt.date, locale: Locale) -> str:
    return format_interval(first, last, "yMMMd", locale=locale)


_ALL: dict[str, Language] = {code: Language(code) for code in LANGUAGES}


def language_named(code: str) -> Language:
    """The language of a code in LANGUAGES. Raises KeyError."""
    return _ALL[code]


def language_of(request: Request) -> Language:
    """The language asked for: by `?lang=`, else as chosen before (cookie), else by the browser, else Russian."""
    wishes = [request.query_params.get("lang"), request.cookies.get(COOKIE), *accepted(request)]
    return next((_ALL[wish] for wish in wishes if wish in _ALL), _ALL[_DEFAULT])


def accepted(request: Request) -> list[str]:
    """The browser's languages, the most wanted first (RFC 9110, 12.5.4)."""
    wanted: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(","):
        name, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().lower().removeprefix("q=") or 1)
        except ValueError:
            continue
        if quality > 0:  # one of nought is not wanted at all
            wanted.append((-quality, name.strip().partition("-")[0].lower()))
    return [name for _, name in sorted(wanted, key=lambda wish: wish[0])]
