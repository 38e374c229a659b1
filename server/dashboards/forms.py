"""Forms that lose nothing: what was typed, what is wrong with it, and what somebody else stored meanwhile.

    stored body ──texts──► form ──typed──► reconcile with what is stored now ──values──► body to write
                                                    └─ both changed one field ─► shown again, with both, to choose

A form knows the text each field had when it was shown (`was-…`). So an edit says no more than what its editor changed, and two
people who edit different fields do not meet.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.datastructures import FormData

from server.domain.breaks import unified
from server.domain.days import is_vague, zone_named
from server.domain.documents import CONTROL, MAX_COUNT, MAX_TEXT, MAX_TITLE
from server.domain.identifiers import is_slug

Body = dict[str, Any]
Option = tuple[str, str]
"""A value, and what people see for it."""


class Wrong(Exception):
    """A text that no value can be read from; `key` is the text that says why, `name` the field where several meet."""

    def __init__(self, key: str, name: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.name = name


@dataclass(frozen=True)
class Field:
    """One field: where in the body it belongs, its label, and how its text and its value become each other.

    `control` names the macro that draws it. `empty` is the value of no text at all, where it is not required.
    """

    name: str
    label: str
    path: tuple[str | int, ...]
    control: str = "line"
    required: bool = False
    empty: Any = ""
    read: Callable[[str], Any] = str
    show: Callable[[Any], str] = str
    options: Sequence[Option] = ()
    hint: str = ""

    def text(self, body: Mapping[str, Any]) -> str:
        """What the field shows of a body."""
        value = _at(body, self.path)
        return "" if value is None or value == self.empty else unified(self.show(value))

    def value(self, text: str) -> Any:
        """The value of a text. Raises Wrong."""
        if not text:
            if self.required:
                raise Wrong("form-problem-missing")
            return self.empty
        if CONTROL.search(text):
            raise Wrong("form-problem-control")
        return self.read(text)


@dataclass(frozen=True)
class Sent:
    """What came in: the texts typed, the texts the form had shown, and what is wrong, by field."""

    texts: dict[str, str]
    was: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    clashes: dict[str, str] = field(default_factory=dict)
    """Fields that somebody else changed too: what is stored now."""


def texts(fields: Sequence[Field], body: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a form that shows a body."""
    return {one.name: one.text(body) for one in fields}


def shown(fields: Sequence[Field], body: Mapping[str, Any]) -> Sent:
    """A form nobody has typed in."""
    return Sent(texts(fields, body), texts(fields, body))


def sent(fields: Sequence[Field], form: FormData) -> Sent:
    """What somebody typed; where a choice between two values was offered, what was chosen."""
    was = {one.name: _clean(form.get(f"was-{one.name}")) for one in fields}
    typed = {one.name: _clean(form.get(one.name)) for one in fields}
    theirs = {name for name in typed if form.get(f"choose-{name}") == "theirs"}
    return Sent({name: was[name] if name in theirs else text for name, text in typed.items()}, was)


def reconcile(given: Sent, now: Mapping[str, str]) -> Sent:
    """Joins what was typed with what is stored now, field by field; `clashes` where both changed one in different ways."""
    joined: dict[str, str] = {}
    clashes: dict[str, str] = {}
    for name, mine in given.texts.items():
        theirs, was = now[name], given.was[name]
        joined[name] = theirs if mine == was else mine
        if theirs not in (was, mine) and mine != was:
            clashes[name] = theirs
    return replace(given, texts=joined, clashes=clashes)


def values(fields: Sequence[Field], given: Sent, now: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of the fields whose text is not what is stored, and the keys of what is wrong with others."""
    read: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for one in fields:
        text = given.texts[one.name]
        if text == now[one.name] and not (one.required and not text):
            continue
        try:
            read[one.name] = one.value(text)
        except Wrong as wrong:
            problems[one.name] = wrong.key
    return read, problems


def put(fields: Sequence[Field], body: Mapping[str, Any], read: Mapping[str, Any]) -> Body:
    """A body with these values in their places; everything else in it stays as it is."""
    changed: Any = dict(body)
    for one in fields:
        if one.name in read:
            changed = _with(changed, one.path, read[one.name])
    return dict(changed)


# What fields are made of


def line(text: str) -> str:
    """One line of text."""
    if "\n" in text or len(text) > MAX_TITLE:
        raise Wrong("form-problem-long")
    return text


def zone(text: str) -> str:
    """The name of a time zone."""
    if zone_named(text) is None:
        raise Wrong("form-problem-zone")
    return text


def prose(text: str) -> str:
    """Text of several lines."""
    if len(text) > MAX_TEXT:
        raise Wrong("form-problem-long")
    return text


def number(text: str) -> int:
    """A whole number that one counter may hold."""
    plain = text.replace(" ", "").replace("\u00a0", "")
    if not plain.isdecimal() or len(plain) > len(str(MAX_COUNT)) or int(plain) > MAX_COUNT:
        raise Wrong("form-problem-number")
    return int(plain)


def vague(text: str) -> str:
    """A year, a month or a day that there is."""
    if not is_vague(text):
        raise Wrong("form-problem-vague")
    return text


def day(text: str) -> str:
    """A day."""
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise Wrong("form-problem-day") from None


def moment(text: str) -> str:
    """A day and a time, without a zone."""
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="minutes")
    except ValueError:
        raise Wrong("form-problem-moment") from None


def slug(text: str) -> str:
    """A short name in Latin letters."""
    if not is_slug(text):
        raise Wrong("form-problem-slug")
    return text


def listed(read: Callable[[str], Any], separator: str = ",") -> Callable[[str], list[Any]]:
    """A list of values that stand in one text."""
    return lambda text: [read(part.strip()) for part in text.split(separator) if part.strip()]


def joined(separator: str = ", ") -> Callable[[Sequence[Any]], str]:
    """The text of such a list."""
    return lambda items: separator.join(map(str, items))


def pair(first: str, second: str) -> Callable[[str], dict[str, str]]:
    """Two members in one line, `first | second`; one that is left out is not there."""

    def read(text: str) -> dict[str, str]:
        halves = zip((first, second), map(str.strip, text.split("|", 1)), strict=False)
        return {member: line(half) for member, half in halves if half}

    return read


def paired(first: str, second: str) -> Callable[[Mapping[str, str | None]], str]:
    """The line of such a pair."""

    def show(both: Mapping[str, str | None]) -> str:
        half, other = both.get(first) or "", both.get(second)
        return f"{half} | {other}".lstrip() if other else half

    return show


def one_of(options: Sequence[Option]) -> Callable[[str], str]:
    """One of some values."""
    allowed = {value for value, _ in options}

    def read(text: str) -> str:
        if text not in allowed:
            raise Wrong("form-problem-choice")
        return text

    return read


def _clean(value: object) -> str:
    return unified(value).strip() if isinstance(value, str) else ""


def _at(body: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        if isinstance(step, int):
            body = body[step] if isinstance(body, list) and step < len(body) else None
        else:
            body = body.get(step) if isinstance(body, Mapping) else None
    return body


def _with(whole: Any, path: Sequence[str | int], value: Any) -> Any:
    """A copy of nested members and lists with one value put in its place."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(whole or [])
        if step == len(items):
            items.append({})
        items[step] = _with(items[step], rest, value)
        return items
    return {**(whole or {}), step: _with((whole or {}).get(step), rest, value)}
