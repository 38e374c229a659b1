"""What a night was like: one JSON file in `reports/` of the data folder, and an exit code.

    Night ─┬─ databases: DatabaseNight …     moved, refused, digest, whether upstream holds the same, last heard from
           ├─ backup: BackupNight            the set that was made, and whether a restored copy of it was whole
           └─ totals: TotalsNight            the projection, made again beside the live one and compared

No report holds a name, a pseudonym, an address or the text of a document: ids, revisions and numbers only.
"""

import datetime as dt
import re
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import Literal

import msgspec

from server.files import write_whole

FOLDER = "reports"
KEPT = 90
NAMED = 100
"""So many refused and differing documents of a database are named; `refusals` and `differences` count all."""

Agreement = Literal["equal", "moving", "different"]


class Exit(IntEnum):
    """What the exit code of `otkrytka nightly` says: 0 when all went well, else the gravest of what did not."""

    WELL = 0
    BROKEN = 1
    SETTING = 2
    LOCKED = 3
    STALLED = 4
    FAILED = 5
    DIFFERENT = 6
    BACKUP = 7
    TOTALS = 8


MEANINGS = {
    Exit.WELL: "everything was done; what upstream holds is equal",
    Exit.BROKEN: "the job could not run at all",
    Exit.SETTING: "a setting is wrong",
    Exit.LOCKED: "another nightly job, a backup or a restore was at work",
    Exit.STALLED: "something made no progress and was stopped; the rest was done",
    Exit.FAILED: "a database could not be replicated or compacted; the rest was done",
    Exit.DIFFERENT: "a database is not the same upstream: documents were refused, or differ for no known reason",
    Exit.BACKUP: "the backup could not be made, or a restored copy of it was not whole",
    Exit.TOTALS: "the totals were not what the documents say (they are now)",
}


class Refused(msgspec.Struct, frozen=True):
    """A revision one side would not take."""

    id: str
    rev: str
    error: str
    reason: str


class DatabaseNight(msgspec.Struct, kw_only=True):
    """One database. `agreement` is None without an upstream; "moving" means that what differed was being written meanwhile.

    `differing` are the ids of documents that are not the same upstream. `freed` counts the bytes of old revisions that
    compaction dropped.
    `digest` is the root over all leaf revisions (sync/digests.py). `problem` is "" when everything was done.
    """

    database: str
    pushed: int = 0
    pulled: int = 0
    refusals: int = 0
    refused: list[Refused] = msgspec.field(default_factory=list)
    agreement: Agreement | None = None
    differences: int = 0
    differing: list[str] = msgspec.field(default_factory=list)
    documents: int = 0
    digest: str = ""
    freed: int = 0
    seconds: float = 0.0
    heard: dt.datetime | None = None
    silent: bool = False
    stalled: bool = False
    problem: str = ""


class BackupNight(msgspec.Struct, kw_only=True):
    """The backup. `whole` says that the copy was restored beside, checked, and had the digests noted when it was made."""

    name: str = ""
    databases: int = 0
    bytes: int = 0
    encrypted: bool = False
    whole: bool = False
    kept: int = 0
    seconds: float = 0.0
    problem: str = ""


class TotalsNight(msgspec.Struct, kw_only=True):
    """The totals. `differing` are the events whose live numbers were not those of a fresh reading of the documents."""

    events: int = 0
    documents: int = 0
    compared: int = 0
    differing: list[str] = msgspec.field(default_factory=list)
    seconds: float = 0.0
    problem: str = ""


class Night(msgspec.Struct, kw_only=True):
    """The whole report. `ended` is None while the job runs, and stays so when it was killed."""

    version: int = 1
    began: dt.datetime
    ended: dt.datetime | None = None
    exit: int | None = None
    upstream: bool = False
    databases: list[DatabaseNight] = msgspec.field(default_factory=list)
    backup: BackupNight | None = None
    totals: TotalsNight | None = None
    problem: str = ""

    def verdict(self) -> Exit:
        """The exit code for what is in the report."""
        gravest = [Exit.WELL, *(_verdict(one) for one in self.databases)]
        if self.problem:
            gravest.append(Exit.FAILED)
        if self.backup is not None and (self.backup.problem or not self.backup.whole):
            gravest.append(Exit.BACKUP)
        if self.totals is not None and (self.totals.problem or self.totals.differing):
            gravest.append(Exit.TOTALS)
        return min((one for one in gravest if one), default=Exit.WELL)

    @property
    def silent(self) -> list[str]:
        """The databases that were not heard from for longer than they should be."""
        return [one.database for one in self.databases if one.silent]


def _verdict(one: DatabaseNight) -> Exit:
    if one.stalled:
        return Exit.STALLED
    if one.problem:
        return Exit.FAILED
    return Exit.DIFFERENT if one.refusals or one.agreement == "different" else Exit.WELL


Part = DatabaseNight | BackupNight | TotalsNight
_SUMMARY = ("database", "name", "pushed", "pulled", "refusals", "agreement", "bytes", "events", "seconds", "problem")


def summary(part: Part) -> dict[str, object]:
    """One line about a part: what there is to say, and no more."""
    values = {name: getattr(part, name, None) for name in _SUMMARY}
    kind = {"part": type(part).__name__.removesuffix("Night").lower()}
    return kind | {name: value for name, value in values.items() if value not in (None, "", 0) or name == "seconds"}


_QUOTED = re.compile(r"“[^”]*”|'[^']*'|\"[^\"]*\"|`[^`]*`")


def impersonal(reason: str) -> str:
    """A refusal's reason without what it quotes of the document."""
    return _QUOTED.sub("…", reason)[:200]


def write(data: Path, night: Night) -> Path:
    """Keeps the report, and the newest KEPT of all."""
    path = data / FOLDER / f"{night.began:%Y-%m-%dT%H%M%S.%f}.json"
    write_whole(path, msgspec.json.format(msgspec.json.encode(night), indent=2) + b"\n")
    for old in _files(data)[KEPT:]:
        old.unlink(missing_ok=True)
    return path


def latest(data: Path) -> Night | None:
    """The last night's report, or None when there was none yet."""
    for night in _read(_files(data)):
        return night
    return None


def _files(data: Path) -> list[Path]:
    return sorted((data / FOLDER).glob("????-??-??T*.json"), reverse=True)


def _read(paths: Iterable[Path]) -> Iterable[Night]:
    for path in paths:
        try:
            yield msgspec.json.decode(path.read_bytes(), type=Night)
        except (OSError, msgspec.DecodeError):
            continue  # removed meanwhile, or of another version
