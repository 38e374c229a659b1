"""A hub whose databases live in CouchDB hands the copying to CouchDB's own replicator."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from server.couchdb import Administration
from server.domain.identifiers import chapter_database, new_ulid
from tests.e2e.stage import EVENT, Otkrytka, free_port

pytestmark = pytest.mark.couchdb

SECOND = "OTKRYTKA_TEST_COUCHDB_2"


@pytest.fixture
def chapter(couchdb_url: str) -> Iterator[str]:
    slug = f"test-{secrets.token_hex(4)}"
    yield slug
    Administration(couchdb_url).delete(chapter_database(slug))


@pytest.fixture(params=["sqlite", "couchdb"])
def store_above(request: pytest.FixtureRequest, chapter: str) -> Iterator[dict[str, str]]:
    """The setting of national's store: files, or a CouchDB of its own."""
    if request.param == "sqlite":
        yield {}
        return
    if not (url := os.environ.get(SECOND)):
        pytest.skip(f"{SECOND} names no second Apache CouchDB")
    yield {"OTKRYTKA_STORE": f"couchdb+{url.rstrip('/')}"}
    Administration(url).delete(chapter_database(chapter))


def test_couchdb_copies_and_we_prove_it(
    tmp_path: Path, couchdb_url: str, chapter: str, store_above: dict[str, str]
) -> None:
    """Both ways; a refused document, which CouchDB only counts, is named by the comparison; no job and no token stay behind."""
    national = Otkrytka(tmp_path / "national", free_port(), store_above)
    if store_above:
        national.command("couchdb", "prepare")
    national.command("chapter", "add", chapter, "--name-ru", "Проба", "--name-en", "Trial")
    national.start()
    try:
        coordinator = national.join("coordinator", chapter)
        theirs = event(chapter)
        assert coordinator.put(f"/db/chapter-{chapter}/{theirs['_id']}", json=theirs).status_code == 201
        coordinator.close()
        store = {"OTKRYTKA_STORE": f"couchdb+{couchdb_url}", "OTKRYTKA_UPSTREAM_REPLICATOR": "1"}
        hub = Otkrytka(tmp_path / "hub", free_port(), store)
        hub.command("couchdb", "prepare")
        hub.command("hub", "join", national.invite("hub", chapter)["url"])
        night(hub)
        ours, bad = event(chapter), event(chapter) | {"kind": "Ivan Petrov"}
        with httpx2.Client(base_url=couchdb_url) as couchdb:
            for written in (ours, bad):
                assert couchdb.put(f"/chapter-{chapter}/{written['_id']}", json=written).status_code == 201
            told = night(hub)
            assert couchdb.get(f"/chapter-{chapter}/{theirs['_id']}").status_code == 200
            assert not couchdb.get("/_replicator/_all_docs").json()["rows"]
        assert told["pushed"] == 1
        assert [one["id"] for one in told["refused"]] == [bad["_id"]]
        assert told["differing"] == [bad["_id"]]
        assert "Ivan" not in json.dumps(told)
        reader = national.join("coordinator", chapter)
        assert reader.get(f"/db/chapter-{chapter}/{ours['_id']}").status_code == 200
        reader.close()
    finally:
        national.stop()


def event(chapter: str) -> dict[str, Any]:
    return {**EVENT, "_id": f"event:{new_ulid()}", "chapter": chapter}


def night(hub: Otkrytka) -> dict[str, Any]:
    """What one night says of the chapter. The register may differ: other tests have left their own in this CouchDB."""
    done = subprocess.run(
        [sys.executable, "-m", "server", "nightly"], env=hub.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 6), done.stdout + done.stderr
    newest = max((hub.data / "reports").iterdir())
    rows: list[dict[str, Any]] = json.loads(newest.read_text())["databases"]
    [row] = [row for row in rows if row["database"].startswith("chapter-test-") and row["agreement"]]
    return row
