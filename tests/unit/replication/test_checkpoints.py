"""Logs: where two databases may go on, and what is remembered for how long."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.databases.contract import START
from sync.databases.memory import MemoryCatalog
from sync.replication.checkpoints import HISTORY, Entry, Log, common_ancestry, extend, read_log, record

EPOCHS = ("s", "t")
ID = "_local/otkrytka-1-x"


def entry(session: str, seq: str) -> Entry:
    return Entry(session_id=session, recorded_seq=seq)


def log(*entries: tuple[str, str], epochs: tuple[str, str] = EPOCHS) -> Log:
    history = tuple(entry(*one) for one in entries)
    return Log(source_epoch=epochs[0], target_epoch=epochs[1], history=history)


class TestCommonAncestry:
    def test_the_newest_entry_both_hold(self) -> None:
        """Only what both sides recorded counts; entries of one side alone are passed over."""
        source = log(("c", "30"), ("b", "20"), ("a", "10"))
        target = log(("d", "40"), ("b", "20"), ("a", "10"))
        assert common_ancestry(source, target) == "20"

    def test_the_same_session_at_another_sequence_is_not_common(self) -> None:
        """When one side missed the last checkpoint, or was rolled back, the one before it counts."""
        assert common_ancestry(log(("a", "30"), ("a", "20")), log(("a", "20"), ("a", "10"))) == "20"

    @pytest.mark.parametrize(
        ("source", "target"),
        [
            (log(), log()),
            (log(("a", "1")), log()),
            (log(("a", "1")), log(("b", "1"))),
            (log(("a", "1")), log(("a", "1"), epochs=("s", "restored"))),
        ],
    )
    def test_nothing_common(self, source: Log, target: Log) -> None:
        """Without a common entry of the same epochs everything is offered again."""
        assert common_ancestry(source, target) == START


class TestExtend:
    @given(st.lists(st.sampled_from("abcdefg"), max_size=200))
    def test_the_newest_come_first_and_are_bounded(self, sessions: list[str]) -> None:
        """However long it runs: at most 50 entries, the last two of this session, one of each before."""
        history: tuple[Entry, ...] = ()
        for number, session in enumerate(sessions):
            history = extend(history, entry(session, str(number)))
            kept = [one.session_id for one in history]
            assert history[0] == entry(session, str(number))
            assert len(history) <= HISTORY
            assert kept.count(session) <= 2
            assert all(kept.count(other) == 1 for other in set(kept) - {session})

    def test_old_sessions_fall_off(self) -> None:
        """The history is bounded by its length, not by time."""
        history: tuple[Entry, ...] = ()
        for number in range(80):
            history = extend(history, entry(f"s{number}", str(number)))
        assert [one.recorded_seq for one in history] == [str(number) for number in range(79, 29, -1)]


@pytest.mark.anyio
class TestOnADatabase:
    async def test_two_replicators_keep_each_others_entries(self) -> None:
        """A log that another replicator wrote meanwhile is extended, not overwritten."""
        database = await MemoryCatalog().create("db")
        await record(database, ID, entry("a", "1"), EPOCHS)
        await record(database, ID, entry("b", "2"), EPOCHS)
        found = await read_log(database, [ID], EPOCHS)
        assert [one.session_id for one in found.history] == ["b", "a"]
        assert (found.session_id, found.source_last_seq) == ("b", "2")

    async def test_a_passed_epoch_empties_the_log(self) -> None:
        """After a restore nothing an older log says is believed, nor carried on."""
        database = await MemoryCatalog().create("db")
        await record(database, ID, entry("a", "1"), EPOCHS)
        assert (await read_log(database, [ID], ("s", "new"))).history == ()
        await record(database, ID, entry("b", "2"), ("s", "new"))
        assert [one.session_id for one in (await read_log(database, [ID], ("s", "new"))).history] == ["b"]

    async def test_older_ids_are_found_and_continued(self) -> None:
        """A log under an id of an older version still says where to go on, and its history moves to the new id."""
        database = await MemoryCatalog().create("db")
        await record(database, "_local/older", entry("a", "1"), EPOCHS)
        found = await read_log(database, [ID, "_local/older"], EPOCHS)
        assert [one.recorded_seq for one in found.history] == ["1"]
        await record(database, ID, entry("b", "2"), EPOCHS, found.history)
        assert [one.recorded_seq for one in (await read_log(database, [ID], EPOCHS)).history] == ["2", "1"]

    async def test_a_log_that_is_no_log_is_started_over(self) -> None:
        """Whatever somebody wrote there costs a new start, never the replication."""
        database = await MemoryCatalog().create("db")
        await database.put_local(ID, b'{"history": 7}')
        assert (await read_log(database, [ID], EPOCHS)).history == ()
        await record(database, ID, entry("a", "1"), EPOCHS)
        assert len((await read_log(database, [ID], EPOCHS)).history) == 1

    async def test_members_are_couchdbs(self) -> None:
        """The log has the members of CouchDB's own, so its tools can read it."""
        database = await MemoryCatalog().create("db")
        await record(database, ID, entry("a", "1"), EPOCHS)
        stored = msgspec.json.decode((await database.get_local(ID)).body)
        assert {"session_id", "source_last_seq", "replication_id_version", "history"} <= stored.keys()
        assert {
            "doc_write_failures", "docs_read", "docs_written", "end_last_seq", "end_time", "missing_checked",
            "missing_found", "recorded_seq", "session_id", "start_last_seq", "start_time",
        } == stored["history"][0].keys()  # fmt: skip
