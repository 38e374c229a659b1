"""Requests that are made to break: each is answered in words, none is a fault of the server."""

import gzip
import json
from typing import Any

import pytest

from tests.protocol.server.house import EVENT, Device, House

JSON = {"Content-Type": "application/json"}
DATABASE = "/db/chapter-moscow"
DEEP = b"[" * 3000 + b"]" * 3000
LONG = "9" * 5000
WIDE = "9" * 20


def _send(device: Device, method: str, path: str, body: bytes, **headers: str) -> Any:
    return device._client.request(method, path, content=body, headers={**device.headers, **JSON, **headers})


PARAMETERS = [
    *(f"_changes?limit={number}" for number in (LONG, WIDE, "-1", "²", "1e5")),
    *(f"_changes?feed=longpoll&since=0&{name}={LONG}" for name in ("timeout", "heartbeat")),
    *(f"_changes?since={since}" for since in (LONG, WIDE, "-1", "%00", "x", f"{WIDE}-abc", f"{LONG}-abc")),
    f"_changes?descending=true&limit={WIDE}",
    *(f"_all_docs?{name}={number}" for name in ("limit", "skip") for number in (LONG, WIDE, "-1", "²")),
    *(f"_all_docs?startkey={key}" for key in ("[" * 3000, "1e400", '"%00"', '"\\udc00"', LONG, "{")),
    '_all_docs?keys=["a",null,1,{}]',
    *(f"{EVENT['_id']}?rev={rev}" for rev in (f"{LONG}-a", f"{WIDE}-a", "%00", "²-a")),
    f'{EVENT["_id"]}?open_revs=["{LONG}-a"]',
    f'{EVENT["_id"]}?atts_since=["{LONG}-a"]',
]


def test_no_parameter_is_a_fault(house: House) -> None:
    """Numbers, sequences, keys and revisions of any size and kind are answered, or refused with 400."""
    device = house.join("volunteer", "moscow")
    device.write({**EVENT, "device": device.id})
    for parameter in PARAMETERS:
        assert device.get(f"{DATABASE}/{parameter}").status_code in (200, 400, 404), parameter
    assert device.get(f"/db/_uuids?count={LONG}").status_code == 400


ENDPOINTS = ["_bulk_docs", "_bulk_get", "_revs_diff", "_missing_revs", "_all_docs", "_all_docs/queries", "_local_docs",
             "_changes?filter=_selector", "_changes?filter=_doc_ids", "_digest", "_purge", "_design_docs", ""]  # fmt: skip
BODIES = [b"", b"null", b"[]", b"1e400", LONG.encode(), b'"\xff"', DEEP, b'{"docs": ' + DEEP + b"}", b'{"\xff": 1}']
BODIES += [
    b'{"docs": [1, null, {"id": 1}, {"id": "a", "rev": 1}, {"_id": ""}, {"_id": "_x"}]}',
    b'{"keys": [{"a": 1}, null]}',
]
BODIES += [
    b'{"docs": ["\xff"]}',
    b'{"docs": [{"id": "a", "rev": "\xff"}]}',
    b'{"docs": [{"id": "a", "atts_since": [1]}]}',
]
BODIES += [
    b'{"docs": "a"{"_id": "a"}}',
    b'{"a": null}"docs": [{"_id": "a"}]}',
    b'{"selector": {"\xff": 1}}',
]
BODIES += [
    b'{"_id": "a", "_rev": 1}',
    b'{"_attachments": {"a": {"data": "!"}}}',
    b'{"_attachments": {"a": {"revpos": 1e99}}}',
]
BODIES += [
    b'{"_rev": "0-' + LONG.encode() + b'"}',
    b'{"revs": {"a": "b"}, "database": "register"}',
    b'{"queries": [1]}',
]
BODIES += [
    b'{"invite": "\xff"}',
    b'{"invite": "a.b"}',
    b'{"invite": "a", "pseudonym": 1}',
    b'{"invite": "a", "x": ' + DEEP + b"}",
]


def test_no_body_is_a_fault(house: House) -> None:
    """What is no JSON, is of another shape, or is nested without end is refused at every endpoint."""
    device = house.join("volunteer", "moscow")
    doors = [("POST", f"{DATABASE}/{endpoint}") for endpoint in ENDPOINTS]
    doors += [("PUT", f"{DATABASE}/{name}") for name in ("_local/x", "sheet:x", "_security", "_revs_limit")]
    doors += [("POST", "/api/join"), ("POST", "/api/receipts"), ("POST", "/api/nights")]
    for method, path in doors:
        for body in BODIES:
            assert _send(device, method, path, body).status_code < 500, (method, path, body[:80])


def test_too_much_is_refused_with_413(house: House) -> None:
    """Bodies past their limit, as they are or once unpacked, are refused before they are read to the end."""
    device = house.join("volunteer", "moscow")
    much = b'{"docs": [' + b" " * (65 << 20) + b"]}"
    assert _send(device, "POST", f"{DATABASE}/_bulk_docs", much).status_code == 413
    bomb = gzip.compress(much, 1)
    assert _send(device, "POST", f"{DATABASE}/_bulk_docs", bomb, **{"Content-Encoding": "gzip"}).status_code == 413
    assert _send(device, "POST", "/api/join", much[: 5 << 20]).status_code == 413
    assert _send(device, "POST", "/api/receipts", much[: 5 << 20]).status_code == 413


def _nested(levels: int, selector: Any) -> Any:
    for _ in range(levels):
        selector = {"$not": selector}
    return selector


def _within(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = {"a": value}
    return value


# Whether nesting is too deep depends on how deep the server itself stands.
SELECTORS: list[tuple[Any, tuple[int, ...]]] = [
    ({"title": {"$regex": "(a|a)*$"}}, (200,)),
    ({"$or": [{"title": {"$not": {"$regex": "a{99999999999999999999}"}}}]}, (200,)),
    ({"title": {"$regex": "(?=a)"}}, (400,)),
    ({"title": {"$in": [*range(2000)]}}, (400,)),
    (_nested(400, {"title": 1}), (200, 400)),
    (_within(450), (200, 400)),
    ({"a": {"$gt": None}}, (200,)),
    ({f"letters.{LONG}": 1, "letters.²": 1}, (200,)),
]


@pytest.mark.parametrize(("selector", "statuses"), SELECTORS, ids=range(len(SELECTORS)))
def test_no_selector_takes_for_ever(house: House, selector: Any, statuses: tuple[int, ...]) -> None:
    """Patterns in linear time, no endless lists, no endless nesting; and a deep document does not break who compares it."""
    device = house.join("volunteer", "moscow")
    device.write({**EVENT, "device": device.id, "title": "a" * 60 + "!", "a": [_within(300)]})
    answer = _send(device, "POST", f"{DATABASE}/_changes?filter=_selector", json.dumps({"selector": selector}).encode())
    assert answer.status_code in statuses, answer.text
