"""What a night's report says, and the exit code that follows from it."""

import datetime as dt
import json
from pathlib import Path

import pytest

from server.jobs import report
from server.jobs.night import _sentence
from server.jobs.report import MEANINGS, BackupNight, DatabaseNight, Exit, Night, TotalsNight, impersonal

BEGAN = dt.datetime(2026, 1, 30, 0, 30, tzinfo=dt.UTC)


def night(*databases: DatabaseNight, problem: str = "", whole: bool = True, wrong: list[str] | None = None) -> Night:
    return Night(
        began=BEGAN,
        databases=list(databases),
        backup=BackupNight(whole=whole),
        totals=TotalsNight(differing=wrong or []),
        problem=problem,
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (night(DatabaseNight(database="a", agreement="equal")), Exit.WELL),
        (night(DatabaseNight(database="a", agreement="moving")), Exit.WELL),
        (night(DatabaseNight(database="a", agreement="different")), Exit.DIFFERENT),
        (night(DatabaseNight(database="a", agreement="equal", refusals=1)), Exit.DIFFERENT),
        (night(DatabaseNight(database="a", problem="forbidden: no")), Exit.FAILED),
        (night(problem="upstream did not answer"), Exit.FAILED),
        (night(DatabaseNight(database="a", problem="stalled: …", stalled=True)), Exit.STALLED),
        (night(whole=False), Exit.BACKUP),
        (night(wrong=["event:1"]), Exit.TOTALS),
        (night(DatabaseNight(database="a", problem="x"), whole=False, wrong=["event:1"]), Exit.FAILED),
    ],
)
def test_the_exit_code_is_the_gravest_of_what_happened(told: Night, expected: Exit) -> None:
    """0 only when every part went well."""
    assert told.verdict() is expected


def test_every_exit_code_is_explained() -> None:
    """What the command's help and the documentation print."""
    assert set(MEANINGS) == set(Exit)


def test_the_latest_report_is_found_and_old_ones_go(tmp_path: Path) -> None:
    """KEPT of them stay; what can't be read is passed over."""
    for number in range(report.KEPT + 5):
        report.write(tmp_path, Night(began=BEGAN + dt.timedelta(days=number)))
    files = sorted((tmp_path / "reports").iterdir())
    assert len(files) == report.KEPT
    files[-1].write_text("{")
    latest = report.latest(tmp_path)
    assert latest is not None
    assert latest.began == BEGAN + dt.timedelta(days=report.KEPT + 3)


def test_a_night_under_way_has_no_end(tmp_path: Path) -> None:
    """So the report of a job that was killed says so by itself."""
    path = report.write(tmp_path, Night(began=BEGAN))
    told = json.loads(path.read_text())
    assert told["ended"] is None
    assert told["exit"] is None
    assert path.stat().st_mode & 0o077 == 0


def test_reasons_quote_nothing_of_a_document() -> None:
    """Whatever somebody wrote into a field does not get into the report by way of an error."""
    for reason in (
        "Invalid enum value 'Ivan Petrov' - at `$.kind`",
        "“Ivan Petrov” is not an id of a known kind",
        'Expected "Ivan Petrov"',
    ):
        assert "Ivan" not in impersonal(reason)


def test_an_unforeseen_fault_is_noted_without_what_it_says(caplog: pytest.LogCaptureFixture) -> None:
    """What an exception says may hold a name or a token: the log has its kind and where it happened, the report its kind."""
    with pytest.raises(KeyError) as raised:
        raise KeyError("prisoner:Secret")
    assert _sentence(raised.value) == "unforeseen: KeyError"
    assert "KeyError at test_report.py" in caplog.text
    assert "Secret" not in caplog.text
