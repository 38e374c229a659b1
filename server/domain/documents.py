"""The shape of every document, once: validation, JSON Schema and the phone's TypeScript all come from here.

A struct describes the body of a document. The envelope (`_id`, `_rev`, `_deleted`) belongs to the replication protocol and is
passed beside it. Fields we do not know are allowed and stay in the stored bytes, because nothing a client wrote is ever encoded
again; they are merely not visible here. A field with a default may be missing.

    register          Prisoner (with Placements), Facility, Chapter, Theme, Rules, Figure, Coverage
    chapter-<slug>    Event, Sheet (with Lines), Closing, Dispatch, Reply, Report
    devices           Device, Invite, Revocation, Standing, Session, Approval, Passkey
"""

import datetime as dt
import re
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from server.domain.identifiers import END, PATTERNS, SLUG, SLUG_LENGTH, ULID

MAX_COUNT = 1_000_000
"""The largest number one counter may hold: far above any evening, far below what would bend a national sum."""
MAX_LINES = 5_000
MAX_ITEMS = 200
MAX_TITLE = 300
MAX_TEXT = 20_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Signs nobody sees or means, which come with pasted text. They are kept where a client wrote them, and taken from no page."""
STATUSES = ("detained", "convicted", "released", "exchanged", "deceased")
"""The prisoners' statuses that have a name; others that a document has stay as they are."""

Role = Literal["volunteer", "coordinator", "national", "hub"]
EventKind = Literal["letters", "exhibition"]
EventStatus = Literal["planned", "open", "closed", "cancelled"]
LetterKind = Literal["letter", "card", "handmade"]
Origin = Literal["here", "brought", "relayed"]
Basis = Literal["tally", "recount", "estimate"]
Declarable = Literal["heads", "letters", "cards", "handmade", "recipients"]
Method = Literal["post", "eletter", "other"]
Entrance = Literal["invite", "phone", "passkey"]
ReportKind = Literal["returned", "moved", "address", "name", "released", "other"]
"""What is wrong about a prisoner's entry: a letter came back, they were moved or freed, or a word is wrong."""

Count = Annotated[int, Meta(ge=0, le=MAX_COUNT)]
Total = Annotated[int, Meta(ge=0)]
Title = Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
Short = Annotated[str, Meta(max_length=MAX_TITLE)]
Prose = Annotated[str, Meta(max_length=MAX_TEXT)]
Slug = Annotated[str, Meta(pattern=f"^{SLUG}{END}", max_length=SLUG_LENGTH)]
Ulid = Annotated[str, Meta(pattern=f"^{ULID}{END}")]
EventId = Annotated[str, Meta(pattern=PATTERNS["event"])]
ClosingId = Annotated[str, Meta(pattern=PATTERNS["closing"])]
PrisonerId = Annotated[str, Meta(pattern=PATTERNS["prisoner"])]
SheetId = Annotated[str, Meta(pattern=PATTERNS["sheet"])]
FacilityId = Annotated[str, Meta(pattern=PATTERNS["facility"])]
# Sheets are written by the thousand, and a pattern costs as much as the rest of a line. Their ids are only described here;
# validation holds them against the document's own id, the database's name and the ids of prisoners it has met.
_SheetEventId = Annotated[str, Meta(extra_json_schema={"pattern": PATTERNS["event"]})]
_SheetDevice = Annotated[str, Meta(extra_json_schema={"pattern": f"^{ULID}{END}"})]
_SheetChapter = Annotated[str, Meta(extra_json_schema={"pattern": f"^{SLUG}{END}"})]
_Recipient = Annotated[str, Meta(extra_json_schema={"pattern": PATTERNS["prisoner"]})]
Moment = Annotated[dt.datetime, Meta(tz=True)]
"""A time with its offset from UTC, as in `2026-01-29T19:00:00+03:00`."""
VagueDate = Annotated[str, Meta(pattern=f"^[0-9]{{4}}(-[0-9]{{2}}(-[0-9]{{2}})?)?{END}")]
"""A year, a month or a day, as exact as the source is: `1976`, `2024-10`, `1976-05-02`."""


class Shape(Struct, frozen=True, gc=False):
    """Base of everything below: immutable, silent about fields it does not know, and never part of a circle of references."""


class Document(Shape, frozen=True, tag_field="type", kw_only=True):
    """Base of all bodies: `type` is the tag, `schema` the shape's version (newer ones are read as far as known)."""

    schema: Annotated[int, Meta(ge=1)]


class Localized(Shape, frozen=True):
    """The same words in the languages there are; at least one must be there."""

    ru: Prose = ""
    en: Prose = ""

    def __post_init__(self) -> None:
        if not (self.ru or self.en):
            raise ValueError("Expected words in `ru` or `en`")


# The databases `chapter-<slug>`


class Event(Document, frozen=True, tag="event", kw_only=True):
    """A letter-writing evening or an exhibition.

    `device` made it (a volunteer may change only its own). `edited` says when each field was last changed, by the editor's
    clock: it settles concurrent edits, whose losing values stay in `overruled` until a coordinator has seen them.
    The public schedule shows it if `listed` is true; null leaves that to who made it (see `announcing`).
    """

    chapter: Slug
    kind: EventKind
    title: Title
    theme: Slug | None = None
    starts: Moment
    ends: Moment | None = None
    zone: Short | None = None
    place: Short = ""
    bring: Prose = ""
    listed: bool | None = None
    status: EventStatus
    device: Ulid | None = None
    edited: dict[str, Moment] = {}
    overruled: list["Overruled"] = []


class Overruled(Shape, frozen=True):
    """A value that lost against a concurrent edit: its field, itself as JSON text (null: it was removed), its revision."""

    field: str
    value: str | None
    rev: str


class Counter(Shape, frozen=True):
    """A PN-counter with one writer: both numbers only ever grow."""

    added: Count
    removed: Count


class Line(Shape, frozen=True):
    """One counter of a sheet: letters of one kind and origin to one prisoner, or to no name (null)."""

    to: _Recipient | None
    kind: LetterKind
    added: Count
    removed: Count
    origin: Origin = "here"


class Paper(Shape, frozen=True):
    """That a sheet was counted on paper, and which device typed it in."""

    by: Ulid


class Sheet(Document, frozen=True, tag="sheet", kw_only=True):
    """What one device counted at one event. Only that device writes it.

    A sheet of paper is one too: its `device` is the ULID printed on it, `paper` says who typed it in, and any device of the
    chapter may do so or correct it.
    """

    event: _SheetEventId
    device: _SheetDevice
    chapter: _SheetChapter
    heads: Counter
    letters: Annotated[list[Line], Meta(max_length=MAX_LINES)]
    paper: Paper | None = None

    @property
    def writer(self) -> str:
        """The device that wrote it: of a sheet of paper, the one that typed it in."""
        return self.paper.by if self.paper else self.device


class SameTable(Shape, frozen=True):
    """Sheets that counted the same people and letters, and the one of them that the declared numbers rest on."""

    sheets: Annotated[list[SheetId], Meta(min_length=2, max_length=MAX_ITEMS)]
    picked: SheetId

    def __post_init__(self) -> None:
        if self.picked not in self.sheets:
            raise ValueError("Expected one of `sheets` in `picked`")


class Press(Shape, frozen=True):
    """The line for the press as a person signed it off, by pseudonym: words, not numbers; what counts is the closing."""

    signed_by: Title
    signed: Moment
    ru: Prose = ""
    en: Prose = ""


class Closing(Document, frozen=True, tag="closing", kw_only=True):
    """The numbers a coordinator declared for an event. Immutable; replaced only by a later closing that names it.

    A null is not declared (the tally stands). `at_least` names the numbers that are lower bounds: "more than a hundred".
    `same_table` says which sheets were reconciled for these numbers; the tally remains the sum of all of them. Signing a line
    for the press makes a closing of the same numbers that replaces the one before.
    `settles` names closings that competed with the one it replaces, and that whoever chose between them has seen.
    """

    event: EventId
    chapter: Slug
    device: Ulid
    basis: Basis
    replaces: ClosingId | None = None
    settles: Annotated[list[ClosingId], Meta(max_length=MAX_ITEMS)] = []
    heads: Count | None = None
    letters: Count | None = None
    cards: Count | None = None
    handmade: Count | None = None
    recipients: Count | None = None
    at_least: list[Declarable] = []
    same_table: Annotated[list[SameTable], Meta(max_length=MAX_ITEMS)] = []
    press: Press | None = None
    note: Prose = ""


class Dispatch(Document, frozen=True, tag="dispatch", kw_only=True):
    """Letters of an event handed to the post or to an e-letter service on a day."""

    event: EventId
    chapter: Slug
    device: Ulid
    on: dt.date
    count: Count
    method: Method
    note: Prose = ""


class Reply(Document, frozen=True, tag="reply", kw_only=True):
    """An answer that came back from a prisoner. Its words are nobody's business here."""

    chapter: Slug
    device: Ulid
    prisoner: PrisonerId
    on: dt.date
    event: EventId | None = None


class Report(Document, frozen=True, tag="report", kw_only=True):
    """Somebody's word that the register is wrong about a prisoner, for those who keep it.

    `facility` is the place as the register named it then, so that a report is known to be outdated once the place is another.
    """

    chapter: Slug
    device: Ulid
    prisoner: PrisonerId
    kind: ReportKind
    on: dt.date
    facility: Short = ""
    note: Prose = ""


# The database `register`


class Placement(Shape, frozen=True):
    """Where a prisoner is or was held, and who says so since when.

    `facility` is the place in words; `facility_id` names the document that tells its rules, where there is one.
    """

    facility: Short
    facility_id: FacilityId | None = None
    address: Short | None = None
    from_: VagueDate | None = field(name="from", default=None)
    to: VagueDate | None = None
    verified_on: VagueDate | None = None
    source: Prose | None = None


class Prisoner(Document, frozen=True, tag="prisoner", kw_only=True):
    """A person letters are written to, with what has been published and where. `invented` marks people of demos and tests.

    `edited` says when each field was last changed, as in `Event`.
    `merged_into` names the prisoner this document turned out to be another document about: letters to either are letters to
    that one person. The document stays, because sheets name it.
    """

    name: Localized
    born: VagueDate | None = None
    status: Short
    articles: Annotated[list[Short], Meta(max_length=MAX_ITEMS)] = []
    detained_since: VagueDate | None = None
    sentence: Prose | None = None
    themes: Annotated[list[Slug], Meta(max_length=MAX_ITEMS)] = []
    placements: Annotated[list[Placement], Meta(max_length=MAX_ITEMS)] = []
    sources: Annotated[list[Prose], Meta(max_length=MAX_ITEMS)] = []
    invented: bool = False
    merged_into: PrisonerId | None = None
    note: Prose = ""
    edited: dict[str, Moment] = {}


class ELetters(Shape, frozen=True):
    """A service that prints and hands over electronic letters."""

    name: Short
    address: Short | None = None


class Facility(Document, frozen=True, tag="facility", kw_only=True):
    """A prison, and what its censor lets through. Nothing is forbidden or allowed that no source says.

    `languages` are codes such as `ru`, those letters are taken in; `enclosures` what may be put in beside the letter. An
    empty list means that nobody has found out.
    """

    name: Localized
    address: Short | None = None
    languages: Annotated[list[Slug], Meta(max_length=MAX_ITEMS)] = []
    forbidden: Annotated[list[Localized], Meta(max_length=MAX_ITEMS)] = []
    enclosures: Annotated[list[Localized], Meta(max_length=MAX_ITEMS)] = []
    eletters: ELetters | None = None
    verified_on: VagueDate | None = None
    sources: Annotated[list[Prose], Meta(max_length=MAX_ITEMS)] = []
    invented: bool = False
    note: Localized | None = None


class Chapter(Document, frozen=True, tag="chapter", kw_only=True):
    """A regional group. `silent_after_days` is how long it may be unheard of before the dashboard warns.

    `tile` is its place on the map of chapters, a grid: column and row, from 1 at the top left.
    """

    name: Localized
    zone: Short | None = None
    silent_after_days: Annotated[int, Meta(ge=1, le=366)] = 7
    tile: Annotated[list[Annotated[int, Meta(ge=1, le=16)]], Meta(min_length=2, max_length=2)] | None = None


class Theme(Document, frozen=True, tag="theme", kw_only=True):
    """An occasion evenings share, such as a commemorative day."""

    name: Localized
    text: Localized | None = None


class Rules(Document, frozen=True, tag="rules", kw_only=True):
    """One page of advice on writing: what may be written, what a censor returns. Shown in ascending `order`."""

    title: Localized
    text: Localized
    order: int = 0


class Figure(Document, frozen=True, tag="figure", kw_only=True):
    """A number somebody published about all prisoners, as of a day: "at least 1,270 political prisoners"."""

    about: Localized
    count: Count
    at_least: bool = True
    on: dt.date
    source: Title


class Coverage(Document, frozen=True, tag="coverage", kw_only=True):
    """Who has had how many letters lately: letters written per prisoner id since a day. The server keeps it.

    `last` is the day of the evening at which somebody was last written to, however long ago.
    """

    since: dt.date
    until: dt.date
    letters: dict[str, Total]
    last: dict[str, dt.date] = {}


# The database `devices`


class Device(Document, frozen=True, tag="device", kw_only=True):
    """An enrolled device: a pseudonym, a role and chapters; nothing about the person. `key` is its public signing key."""

    pseudonym: Title
    role: Role
    chapters: Annotated[list[Slug], Meta(max_length=MAX_ITEMS)]
    enrolled: Moment
    invite: str | None = None
    key: Short | None = None


class Invite(Document, frozen=True, tag="invite", kw_only=True):
    """The mark that an invite was used, and by which device. Its id is the invite's: the second writer meets a conflict."""

    device: Ulid
    used: Moment


class Revocation(Document, frozen=True, tag="revocation", kw_only=True):
    """A device that is refused from this moment on. `by` is the device that revoked it, null for the operator.

    `forget` orders the phone to wipe what it holds.
    """

    device: Ulid
    revoked: Moment
    by: Ulid | None = None
    reason: Prose = ""
    forget: bool = False


class Standing(Document, frozen=True, tag="standing", kw_only=True):
    """How long a device is let in, and whether it is at present. It may be written again, unlike a revocation.

    `until` null is for ever. `by` is the device of the coordinator who last changed it.
    """

    device: Ulid
    suspended: bool = False
    until: Moment | None = None
    changed: Moment
    by: Ulid | None = None


class Session(Document, frozen=True, tag="session", kw_only=True):
    """A browser in which a device is signed in, what let it in, and when it was ended."""

    device: Ulid
    opened: Moment
    by: Entrance
    ended: Moment | None = None


class Approval(Document, frozen=True, tag="approval", kw_only=True):
    """A phone said that the browser which showed this id may be signed in as its device."""

    device: Ulid
    approved: Moment


class Passkey(Document, frozen=True, tag="passkey", kw_only=True):
    """A passkey of a device, by the id its authenticator gave it: the public key (base64url) and how often it signed."""

    device: Ulid
    key: Prose
    counter: Total
    added: Moment


InChapter = Event | Sheet | Closing | Dispatch | Reply | Report
InRegister = Prisoner | Facility | Chapter | Theme | Rules | Figure | Coverage
InDevices = Device | Invite | Revocation | Standing | Session | Approval | Passkey
AnyDocument = InChapter | InRegister | InDevices
