"""What every test may rely on."""

import os

import hypothesis
import pytest

COUCHDB = "OTKRYTKA_TEST_COUCHDB"

# The same examples at every run, on machines of any speed.
hypothesis.settings.register_profile("seeded", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("seeded")


@pytest.fixture
def anyio_backend() -> str:
    """The server runs on asyncio, so its tests do."""
    return "asyncio"


@pytest.fixture
def couchdb_url() -> str:
    """The address of a real Apache CouchDB, with an administrator's name and password, that may be filled and emptied."""
    url = os.environ.get(COUCHDB)
    if not url:
        pytest.skip(f"{COUCHDB} names no Apache CouchDB")
    return url.rstrip("/")
