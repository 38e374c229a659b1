"""Texts, numbers and dates in Russian and English.

`locales/dashboard.<language>.json` holds a text per key, or its plural forms (CLDR's names: one, few, many, other):

    "events": {"one": "{count} вечер", "few": "{count} вечера", "many": "{count} вечеров", "other": "{count} вечера"}
"""

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from starlette.requests import Request

from server.domain.documents import Localized
from server.resources import LOCALES

Text = str | dict[str, str]
Code = Literal["ru", "en"]
LANGUAGES: tuple[Code, ...] = ("ru", "en")
COOKIE = "language"
_DEFAULT = "ru"


class Language:
    """One language: what templates say, count and date with."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.texts = msgspec.json.decode((LOCALES / f"dashboard.{code}.json").read_bytes(), type=dict[str, Text])
        self._locale = Locale.parse(code)

    def text(self, key: str, count: int | None = None, **values: object) -> str:
        """The text of a key; with `count`, in the plural form that fits. Raises KeyError for a key or value that is missing."""
        text = self.texts[key]
        if isinstance(text, dict):
            if count is None:
                raise KeyError(f"{key} needs a count")
            text = text[str(self._locale.plural_form(count))]
        if count is not None:
            values["count"] = self.number(count)
        return text.format_map(values)

    def number(self, number: int) -> str:
        """A whole number with its thousands set apart."""
        return format_decimal(number, locale=self._locale)

    def day(self, moment: dt.date) -> str:
        """A date: 29 января 2026 г. / 29 January 2026."""
        return format_date(moment, "d MMMM y", locale=self._locale)

    def moment(self, moment: dt.datetime, zone: str | None = None) -> str:
        """A date and time, in a time zone of its own or in the one it was written in."""
        shown = moment.astimezone(_zone(zone)) if zone else moment
        return format_datetime(shown, "d MMMM y, HH:mm", tzinfo=shown.tzinfo, locale=self._locale)

    def name(self, words: Localized) -> str:
        """A name in this language, or in the other where there is none."""
        return (words.ru or words.en) if self.code == "ru" else (words.en or words.ru)


def _zone(name: str) -> dt.tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return dt.UTC


_ALL: dict[str, Language] = {code: Language(code) for code in LANGUAGES}


def language_of(request: Request) -> Language:
    """The language asked for: by `?lang=`, else as chosen before (cookie), else by the browser, else Russian."""
    wishes = [request.query_params.get("lang"), request.cookies.get(COOKIE), *_accepted(request)]
    return next((_ALL[wish] for wish in wishes if wish in _ALL), _ALL[_DEFAULT])


def _accepted(request: Request) -> list[str]:
    """The browser's languages, the most wanted first (RFC 9110, 12.5.4)."""
    wanted: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), name.partition("-")[0].lower()))
        except ValueError:
            continue
    return [name for _, name in sorted(wanted, key=lambda wish: wish[0])]
