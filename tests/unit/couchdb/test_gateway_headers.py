"""Which headers cross the gateway."""

from sync.gateway import headers


def test_credentials_and_hop_by_hop_headers_stay_here() -> None:
    """CouchDB gets what it acts upon, and nothing that could be taken for an identity."""
    sent = [
        (b"accept", b"multipart/mixed"),
        (b"authorization", b"Bearer token"),
        (b"connection", b"keep-alive, x-couch"),
        (b"content-type", b"text/plain"),
        (b"cookie", b"AuthSession=x"),
        (b"host", b"letters.example"),
        (b"if-none-match", b'"1-a"'),
        (b"range", b"bytes=0-1"),
        (b"transfer-encoding", b"chunked"),
        (b"x-auth-couchdb-username", b"admin"),
        (b"x-forwarded-host", b"elsewhere.example"),
        (b"x-http-method-override", b"DELETE"),
    ]
    assert headers.to_couchdb(sent) == {"accept": "multipart/mixed", "if-none-match": '"1-a"', "range": "bytes=0-1"}


def test_couchdb_itself_is_not_told_of() -> None:
    """A client gets what belongs to the answer; the server's name, cookies and addresses stay behind."""
    answered = [
        (b"Content-Type", b"application/json"),
        (b"ETag", b'"1-a"'),
        (b"Location", b"http://couchdb.internal:5984/letters/a"),
        (b"Server", b"CouchDB/3.4.3"),
        (b"Set-Cookie", b"AuthSession=x"),
        (b"Transfer-Encoding", b"chunked"),
        (b"X-CouchDB-Body-Time", b"0"),
    ]
    assert headers.to_client(answered) == [(b"content-type", b"application/json"), (b"etag", b'"1-a"')]
