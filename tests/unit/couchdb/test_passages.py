"""What may pass to CouchDB: the list, and all the ways around it that were thought of."""

import pytest

from sync.errors import BadRequest
from sync.gateway.passages import find
from sync.policy import Access


@pytest.mark.parametrize(
    ("method", "path", "access"),
    [
        ("GET", ("letters",), Access.READ),
        ("HEAD", ("letters",), Access.READ),
        ("GET", ("letters", "_all_docs"), Access.READ),
        ("POST", ("letters", "_all_docs"), Access.READ),
        ("GET", ("letters", "_changes"), Access.READ),
        ("POST", ("letters", "_changes"), Access.READ),
        ("POST", ("letters", "_bulk_get"), Access.READ),
        ("POST", ("letters", "_revs_diff"), Access.READ),
        ("GET", ("letters", "sheet:1:2"), Access.READ),
        ("GET", ("letters", "a", "folder", "photo.jpg"), Access.READ),
    ],
)
def test_reads_pass(method: str, path: tuple[str, ...], access: Access) -> None:
    """What replication asks most passes, under the access that the policy is asked for."""
    passage = find(method, path, {})
    assert passage is not None
    assert (passage.database, passage.access) == ("letters", access)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ()),
        ("GET", ("_all_dbs",)),
        ("GET", ("_users",)),
        ("GET", ("_users", "_all_docs")),
        ("GET", ("_node", "_local", "_config")),
        ("POST", ("_replicate",)),
        ("PUT", ("letters",)),
        ("DELETE", ("letters",)),
        ("POST", ("letters",)),
        ("POST", ("letters", "_bulk_docs")),
        ("PUT", ("letters", "sheet:1:2")),
        ("DELETE", ("letters", "sheet:1:2")),
        ("COPY", ("letters", "sheet:1:2")),
        ("PUT", ("letters", "a", "photo.jpg")),
        ("GET", ("letters", "_security")),
        ("PUT", ("letters", "_security")),
        ("POST", ("letters", "_purge")),
        ("POST", ("letters", "_compact")),
        ("POST", ("letters", "_find")),
        ("POST", ("letters", "_index")),
        ("GET", ("letters", "_shards")),
        ("GET", ("letters", "_design", "x")),
        ("GET", ("letters", "_design/x")),
        ("GET", ("letters", "_design", "x", "_view", "y")),
        ("GET", ("letters", "_all_docs", "queries")),
        ("GET", ("letters", "_local")),
        ("GET", ("letters", "_local", "a")),
        ("PUT", ("letters", "_local", "a")),
        ("GET", ("letters", "_local", "a", "b")),
        ("GET", ("letters", "_local/a")),
    ],
)
def test_nothing_else_passes(method: str, path: tuple[str, ...]) -> None:
    """Writes, administration and code have no passage."""
    assert find(method, path, {}) is None


@pytest.mark.parametrize(
    "path",
    [
        ("letters", "..", "_users"),
        ("letters", "../_users"),
        ("letters", "a", "b/../../_users"),
        ("..", "_users", "_all_docs"),
        (".", "letters"),
    ],
)
def test_relative_steps_are_refused(path: tuple[str, ...]) -> None:
    """However they were escaped: what arrives here is decoded."""
    with pytest.raises(BadRequest):
        find("GET", path, {})


@pytest.mark.parametrize(
    "query",
    [{"filter": "app/mine"}, {"filter": "_view", "view": "app/mine"}, {"feed": "sideways"}],
)
def test_a_feed_that_would_run_code_does_not_pass(query: dict[str, str]) -> None:
    """A filter that names a function in a design document is not CouchDB's to run for a client."""
    assert find("GET", ("letters", "_changes"), query) is None


def test_only_waiting_feeds_use_the_connections_of_feeds() -> None:
    """A feed that answers at once is an ordinary request."""
    for feed, waits in [
        ("normal", False),
        ("longpoll", True),
        ("continuous", True),
        ("live", True),
        ("eventsource", True),
    ]:
        passage = find("GET", ("letters", "_changes"), {"feed": feed})
        assert passage is not None
        assert passage.feed is waits
    elsewhere = find("GET", ("letters", "_all_docs"), {"feed": "longpoll"})
    assert elsewhere is not None
    assert not elsewhere.feed


@pytest.mark.parametrize(
    ("path", "query", "target"),
    [
        (("letters", "a/b"), {}, "/letters/a%2Fb"),
        (("letters", "a?b#c%2F"), {}, "/letters/a%3Fb%23c%252F"),
        (("letters", "a+b c"), {}, "/letters/a%2Bb%20c"),
        (("letters", "a\r\nHost: b\0"), {}, "/letters/a%0D%0AHost%3A%20b%00"),
        (("letters", "письмо"), {}, "/letters/%D0%BF%D0%B8%D1%81%D1%8C%D0%BC%D0%BE"),
        (("letters", "a", "b", "c/d"), {}, "/letters/a/b/c%2Fd"),
        (("a/b", "_all_docs"), {"key": '"x&y=z"'}, "/a%2Fb/_all_docs?key=%22x%26y%3Dz%22"),
    ],
)
def test_the_target_is_written_anew(path: tuple[str, ...], query: dict[str, str], target: str) -> None:
    """No byte of the client's path or query reaches CouchDB unquoted."""
    passage = find("GET", path, query)
    assert passage is not None
    assert passage.target == target


def test_what_is_promised_is_not_the_clients_to_lower() -> None:
    """The number of copies asked, and waiting for the disk, stay CouchDB's defaults."""
    passage = find("GET", ("letters", "a"), {"batch": "ok", "w": "1", "r": "1", "rev": "1-a"})
    assert passage is not None
    assert passage.target == "/letters/a?rev=1-a"


@pytest.mark.parametrize(
    ("asked", "told"),
    [("1", "heartbeat=100"), ("10000", "heartbeat=10000"), ("true", "heartbeat=60000"), ("false", None)],
)
@pytest.mark.parametrize("feed", ["longpoll", "continuous", "live", "eventsource"])
def test_no_feed_beats_faster_than_is_allowed(feed: str, asked: str, told: str | None) -> None:
    """CouchDB itself would send a newline every millisecond; what it reads as a number in another spelling is refused."""
    passage = find("GET", ("letters", "_changes"), {"feed": feed, "heartbeat": asked})
    assert passage is not None
    assert passage.target.partition("?")[2].split("&")[1:] == ([told] if told else [])
    with pytest.raises(BadRequest):
        find("GET", ("letters", "_changes"), {"feed": feed, "heartbeat": "+1"})
