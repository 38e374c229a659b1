"""Ids and names: what they look like, how they are made, how they are taken apart.

    event:<ULID>                     sheet:<event ULID>:<device ULID>     closing:<event ULID>:<ULID>
    prisoner:<ULID>                  dispatch:<event ULID>:<ULID>         reply:<ULID>
    report:<ULID>                    facility:<slug>
    chapter:<slug>                   theme:<slug>                         rules:<slug>
    figure:<slug>
    device:<ULID>                    revocation:<device ULID>             invite:<ULID>
    standing:<device ULID>           session:<ULID>                       approval:<ULID>
    passkey:<credential id>
    coverage                         (one document)

A ULID is 26 characters of Crockford's base 32: 48 bits of milliseconds since 1970, then 80 random bits. Only the upper-case
spelling is accepted, so that one thing has one id.
"""

import datetime as dt
import re
import secrets
import time
from functools import lru_cache

from server.domain.errors import Invalid

ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
SLUG_LENGTH = 48
END = r"$(?!\n)"
"""The end of a text and nothing else: Python's `$` alone would also match before a final newline."""

PATTERNS = {
    "event": f"^event:({ULID}){END}",
    "sheet": f"^sheet:({ULID}):({ULID}){END}",
    "closing": f"^closing:({ULID}):({ULID}){END}",
    "dispatch": f"^dispatch:({ULID}):({ULID}){END}",
    "reply": f"^reply:({ULID}){END}",
    "report": f"^report:({ULID}){END}",
    "prisoner": f"^prisoner:({ULID}){END}",
    "facility": f"^facility:({SLUG}){END}",
    "chapter": f"^chapter:({SLUG}){END}",
    "theme": f"^theme:({SLUG}){END}",
    "rules": f"^rules:({SLUG}){END}",
    "figure": f"^figure:({SLUG}){END}",
    "coverage": f"^coverage{END}",
    "device": f"^device:({ULID}){END}",
    "invite": f"^invite:({ULID}){END}",
    "revocation": f"^revocation:({ULID}){END}",
    "standing": f"^standing:({ULID}){END}",
    "session": f"^session:({ULID}){END}",
    "approval": f"^approval:({ULID}){END}",
    "passkey": f"^passkey:([A-Za-z0-9_-]{{1,1400}}){END}",
}
"""The id of each type of document, as a regular expression that JavaScript understands too."""

REGISTER = "register"
DEVICES = "devices"
AUDIT = "audit"
CHAPTER_PREFIX = "chapter-"
RESERVED = (REGISTER, DEVICES, AUDIT, "gallery")
RESERVED_PREFIXES = (CHAPTER_PREFIX, "collection-", "_")
"""Databases that have a meaning here, or are to have one; any other name is free for a national coordinator's own use."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_COMPILED = {kind: re.compile(pattern) for kind, pattern in PATTERNS.items()}
_ULID = re.compile(ULID)
_SLUG = re.compile(SLUG)


def new_ulid(milliseconds: int | None = None, entropy: bytes | None = None) -> str:
    """Make a ULID of a moment (now, unless given) and ten random bytes (fresh, unless given)."""
    moment = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    noise = secrets.token_bytes(10) if entropy is None else entropy
    return _spelt(moment << 80 | int.from_bytes(noise, "big"))


def ulid_after(ulid: str, places: int) -> str:
    """Name the ULID that stands so many places after another one: the same every time it is asked for."""
    return _spelt((number_of(ulid) + places) % (1 << 128))


def _spelt(number: int) -> str:
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def number_of(ulid: str) -> int:
    """Read a ULID as the number of 128 bits it is: its milliseconds, then its random bits."""
    number = 0
    for letter in ulid:
        number = number * 32 + _ALPHABET.index(letter)
    return number


def moment_of(ulid: str) -> dt.datetime:
    """Tell when a ULID was made, by the clock of whoever made it, to the minute."""
    try:
        return dt.datetime.fromtimestamp((number_of(ulid) >> 80) // 60_000 * 60, dt.UTC)
    except (OverflowError, OSError, ValueError):
        return dt.datetime.max.replace(tzinfo=dt.UTC)  # a made-up id; the number itself has nothing to say


def is_ulid(text: str) -> bool:
    """Tell whether a text is a ULID in its one accepted spelling."""
    return _ULID.fullmatch(text) is not None


def is_slug(text: str) -> bool:
    """Tell whether a text can name a chapter or a theme: lower-case words of Latin letters and digits, joined by hyphens."""
    return len(text) <= SLUG_LENGTH and _SLUG.fullmatch(text) is not None


@lru_cache(maxsize=8192)
def is_prisoner(text: str) -> bool:
    """Tell whether a text is the id of a prisoner. Remembered: every line of every sheet asks, always about the same few."""
    return _COMPILED["prisoner"].fullmatch(text) is not None


def type_of(identifier: str) -> str:
    """Name the type of document an id belongs to. Raises `Invalid` for an id that is none of ours."""
    kind = identifier.partition(":")[0]
    parts(kind, identifier)
    return kind


def parts(kind: str, identifier: str) -> tuple[str, ...]:
    """Take an id of a known type apart: `("sheet", "sheet:A:B")` → `("A", "B")`. Raises `Invalid`."""
    pattern = _COMPILED.get(kind)
    found = pattern.fullmatch(identifier) if pattern else None
    if found is None:
        raise Invalid("_id", f"“{identifier[:80]}” is not an id of a known kind of document", "id")
    return found.groups()


def event_id(ulid: str) -> str:
    """Name the event of a ULID."""
    return f"event:{ulid}"


def sheet_id(event: str, device: str) -> str:
    """Name the sheet of one device at one event (given by its id)."""
    return f"sheet:{_ulid_of(event)}:{device}"


def paper_number(ulid: str) -> str:
    """Spell the number printed on a sheet of paper, the ending of its ULID, as people read it: `7K3Q DW52`."""
    return f"{ulid[-8:-4]} {ulid[-4:]}"


def closing_id(event: str, ulid: str) -> str:
    """Name a closing of an event (given by its id)."""
    return f"closing:{_ulid_of(event)}:{ulid}"


def dispatch_id(event: str, ulid: str) -> str:
    """Name a dispatch of an event (given by its id)."""
    return f"dispatch:{_ulid_of(event)}:{ulid}"


def prisoner_id(ulid: str) -> str:
    """Name the prisoner of a ULID."""
    return f"prisoner:{ulid}"


def chapter_id(slug: str) -> str:
    """Name the register's document about a chapter."""
    return f"chapter:{slug}"


def theme_id(slug: str) -> str:
    """Name the register's document about a theme."""
    return f"theme:{slug}"


def chapter_database(slug: str) -> str:
    """Name the database of a chapter. Raises `Invalid` for what is no slug."""
    if not is_slug(slug):
        raise Invalid("chapter", f"“{slug[:80]}” cannot name a chapter: use a–z, 0–9 and single hyphens")
    return CHAPTER_PREFIX + slug


@lru_cache(maxsize=1024)
def chapter_of(database: str) -> str | None:
    """Name the chapter whose database this is, or None for any other database."""
    slug = database.removeprefix(CHAPTER_PREFIX)
    return slug if slug != database and is_slug(slug) else None


def is_free(database: str) -> bool:
    """Tell whether a database is none of the design's: documents in it mean nothing to us and count nowhere."""
    return database not in RESERVED and not database.startswith(RESERVED_PREFIXES)


def _ulid_of(event: str) -> str:
    return parts("event", event)[0]
