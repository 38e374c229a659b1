"""pycouchdb's corners, and what a real CouchDB is told."""

import secrets
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit, urlunsplit

import pytest

from server.couchdb import Administration, Refused, State, Unreachable, check, prepare
from server.couchdb.administration import Absent


@pytest.fixture
def web_page() -> Iterator[str]:
    """The address of a server that answers everything with a page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<h1>It works!</h1>")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_address_that_is_shown_holds_no_password() -> None:
    """Whatever characters are in it: messages may be pasted into a chat."""
    administration = Administration("http://ser%40ver:p%40ss%3Aw%2Ford@couchdb:5984/below")
    assert (administration.user, administration.address) == ("ser@ver", "http://couchdb:5984/below")


def test_nothing_that_listens_is_unreachable() -> None:
    """A port where nobody is ends in one sentence with the address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match=f"No CouchDB answers at http://127.0.0.1:{port}"):
        check(Administration(f"http://a:b@127.0.0.1:{port}"))


def test_a_web_page_is_no_couchdb(web_page: str) -> None:
    """Something that answers, but not as CouchDB, is not taken for one."""
    with pytest.raises(Unreachable, match="is not a CouchDB"):
        check(Administration(web_page))


@pytest.fixture
def database(couchdb_url: str) -> Iterator[str]:
    """A name for a database that is deleted afterwards."""
    name = f"otkrytka-test-{secrets.token_hex(6)}"
    yield name
    administration = Administration(couchdb_url)
    if name in administration.databases():
        administration.delete(name)


@pytest.mark.couchdb
def test_a_database_is_made_once_and_locked(couchdb_url: str, database: str) -> None:
    """The second to make it is told so, and finds it locked and sharded as it should be."""
    administration = Administration(couchdb_url)
    assert administration.create(database)
    assert not administration.create(database)
    assert administration.is_locked(database)
    assert len(administration.shards(database)) == 1


@pytest.mark.couchdb
def test_an_open_database_is_locked_again(couchdb_url: str, database: str) -> None:
    """Rights that let others in are replaced; without any members everybody would be one."""
    administration = Administration(couchdb_url)
    administration.create(database)
    for rights in (
        {},
        {"members": {"names": ["else"]}},
        {"members": {"roles": ["_admin"]}, "admins": {"names": ["else"]}},
    ):
        administration._put(database, "_security", of="rights", body=rights)
        assert not administration.is_locked(database)
        assert administration.lock(database)
        assert administration.is_locked(database)
    assert not administration.lock(database)


@pytest.mark.couchdb
def test_a_name_can_not_leave_its_place(couchdb_url: str) -> None:
    """Names are quoted: one with a slash or a question mark is a name still, and not there."""
    administration = Administration(couchdb_url)
    for name in ("a/../_users", "_users?x=", "_users#"):
        with pytest.raises((Absent, Refused)):
            administration.is_locked(name)


@pytest.mark.couchdb
def test_prepare_leaves_nothing_for_check(couchdb_url: str) -> None:
    """A real CouchDB, prepared twice: the second time nothing is done, and nothing is in the way."""
    administration = Administration(couchdb_url)
    list(prepare(administration))
    assert not list(prepare(administration))
    assert {finding.state for finding in check(administration)} == {State.GOOD}


@pytest.mark.couchdb
def test_a_wrong_password_is_said(couchdb_url: str) -> None:
    """The one finding is about the password, and does not repeat it."""
    parts = urlsplit(couchdb_url)
    wrong = urlunsplit(parts._replace(netloc="admin:not-it@" + parts.netloc.rpartition("@")[2]))
    bad = [finding for finding in check(Administration(wrong)) if finding.state is State.BAD]
    assert [finding.subject for finding in bad] == ["user"]
    assert "not-it" not in bad[0].sentence
