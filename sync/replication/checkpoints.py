"""How far two databases have come with each other (protocol sections 2.4.2.3.2, 2.4.2.3.3 and 2.4.2.5.5).

Both sides keep the same log in a `_local` document:

    {"session_id": …, "source_last_seq": …, "replication_id_version": 1, "source_epoch": …, "target_epoch": …,
     "history": [{"session_id": …, "recorded_seq": …, "docs_written": …, …}, …]}          newest first, at most 50

The common ancestry is the newest entry, by session *and* sequence, that both logs hold. A session keeps its last two entries:
when only one side recorded the last, or one side was rolled back, the one before still counts. An epoch that
is not the one noted says that a side was restored from a backup: then nothing in the logs can be believed.
"""

from collections.abc import Iterable, Sequence

import msgspec

from sync.databases.contract import START, Database
from sync.errors import Conflict, NotFound
from sync.replication.options import Report

HISTORY = 50
_OF_THIS_SESSION = 2


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded checkpoint, with the members CouchDB's logs have."""

    session_id: str
    recorded_seq: str
    start_time: str = ""
    end_time: str = ""
    start_last_seq: str = START
    end_last_seq: str = START
    missing_checked: int = 0
    missing_found: int = 0
    docs_read: int = 0
    docs_written: int = 0
    doc_write_failures: int = 0


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """The log of one replication as one side keeps it."""

    session_id: str = ""
    source_last_seq: str = START
    replication_id_version: int = 1
    source_epoch: str = ""
    target_epoch: str = ""
    history: tuple[Entry, ...] = ()


_log = msgspec.json.Decoder(Log)


def common_ancestry(source: Log, target: Log) -> str:
    """The sequence of the source up to which the target is known to have everything; START if none is."""
    if (source.source_epoch, source.target_epoch) != (target.source_epoch, target.target_epoch):
        return START
    held = {(entry.session_id, entry.recorded_seq) for entry in target.history}
    for entry in source.history:
        if (entry.session_id, entry.recorded_seq) in held:
            return entry.recorded_seq
    return START


def extend(history: Iterable[Entry], entry: Entry) -> tuple[Entry, ...]:
    """The history with one more entry in front: two of this session, the last of each earlier one."""
    kept = [entry]
    sessions: dict[str, int] = {entry.session_id: 1}
    for older in history:
        seen = sessions.get(older.session_id, 0)
        if seen < (_OF_THIS_SESSION if older.session_id == entry.session_id else 1):
            kept.append(older)
            sessions[older.session_id] = seen + 1
    return tuple(kept[:HISTORY])


async def read_log(database: Database, ids: Sequence[str], epochs: tuple[str, str]) -> Log:
    """The log under the newest id that has one. An empty one when there is none, or its epochs have passed."""
    for doc_id in ids:
        try:
            log = _log.decode((await database.get_local(doc_id)).body)
        except (NotFound, msgspec.DecodeError):  # a log that can't be read is no reason to stop, only to start over
            continue
        return log if (log.source_epoch, log.target_epoch) == epochs else _empty(epochs)
    return _empty(epochs)


def _empty(epochs: tuple[str, str]) -> Log:
    return Log(source_epoch=epochs[0], target_epoch=epochs[1])


async def record(
    database: Database, doc_id: str, entry: Entry, epochs: tuple[str, str], earlier: Sequence[Entry] = ()
) -> None:
    """Puts the entry in front of one side's log. Another replicator's entries there are kept beside ours.

    `earlier` is what a new log begins with: the history of a log with an older id.
    """
    while True:
        rev, history = await _stored(database, doc_id, epochs, earlier)
        log = Log(
            session_id=entry.session_id,
            source_last_seq=entry.recorded_seq,
            source_epoch=epochs[0],
            target_epoch=epochs[1],
            history=extend(history, entry),
        )
        try:
            await database.put_local(doc_id, msgspec.json.encode(log), rev)
        except Conflict:
            continue  # somebody wrote in between: read again
        return


async def _stored(
    database: Database, doc_id: str, epochs: tuple[str, str], earlier: Sequence[Entry]
) -> tuple[str, Sequence[Entry]]:
    try:
        stored = await database.get_local(doc_id)
    except NotFound:
        return "", earlier
    try:
        log = _log.decode(stored.body)
    except msgspec.DecodeError:
        return stored.rev, ()
    return stored.rev, log.history if (log.source_epoch, log.target_epoch) == epochs else ()


def entry_of(report: Report, seq: str, at: str) -> Entry:
    """What a report says, as the log notes it at a sequence."""
    return Entry(
        session_id=report.session_id,
        recorded_seq=seq,
        start_time=report.start_time,
        end_time=at,
        start_last_seq=report.start_last_seq,
        end_last_seq=seq,
        missing_checked=report.missing_checked,
        missing_found=report.missing_found,
        docs_read=report.docs_read,
        docs_written=report.docs_written,
        doc_write_failures=report.doc_write_failures,
    )
