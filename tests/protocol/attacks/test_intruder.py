"""A volunteer who tries every way there is to change what others counted, or to see what is not theirs."""

import base64
from typing import Any

from tests.protocol.server.house import EVENT, Device, House

DATABASE = "/db/chapter-moscow"
ULID = EVENT["_id"].partition(":")[2]


def _ask(device: Device, method: str, path: str, **more: Any) -> Any:
    headers = {**device.headers, **more.pop("headers", {})}
    return device._client.request(method, path, headers=headers, **more)


def test_no_way_of_writing_reaches_the_sheet_of_another(house: House) -> None:
    """PUT, POST, DELETE, COPY, batches, forged histories, tombstones and attachments: refused, and nothing has changed."""
    victim, intruder = house.join("volunteer", "moscow"), house.join("volunteer", "moscow")
    path = f"{DATABASE}/{victim.sheet()['_id']}"
    rev = victim.write(victim.sheet(heads=7))
    before = victim.get(f"{path}?revs=true&conflicts=true&deleted_conflicts=true").json()
    forged = {**victim.sheet(heads=99), "_rev": "5-e", "_revisions": {"start": 5, "ids": ["e", "d", "c", "b", rev[2:]]}}
    own = intruder.sheet(heads=1)
    intruder.write(own)
    assert _ask(intruder, "PUT", f"{DATABASE}/_local/copy", json=victim.sheet(heads=99)).status_code == 201
    attempts: list[tuple[str, str, dict[str, Any]]] = [
        ("PUT", path, {"json": {**victim.sheet(heads=99), "_rev": rev}}),
        ("PUT", f"{path}?new_edits=false", {"json": forged}),
        ("POST", DATABASE, {"json": {**victim.sheet(heads=99), "_rev": rev}}),
        ("DELETE", f"{path}?rev={rev}", {}),
        ("COPY", f"{DATABASE}/{own['_id']}", {"headers": {"Destination": f"{victim.sheet()['_id']}?rev={rev}"}}),
        ("COPY", f"{DATABASE}/_local/copy", {"headers": {"Destination": f"{victim.sheet()['_id']}?rev={rev}"}}),
        ("PUT", f"{path}/file?rev={rev}", {"content": b"x", "headers": {"Content-Type": "text/html"}}),
    ]
    for method, address, more in attempts:
        assert _ask(intruder, method, address, **more).status_code == 403, (method, address)
    batches = [
        [forged],
        [{**forged, "_deleted": True}],
        [{"_id": own["_id"].replace(intruder.id, victim.id), "_rev": "2-x", "_deleted": True}],
        [{**forged, "device": intruder.id}],
        [{**forged, "type": "event"}],
    ]
    for docs in batches:
        rows = intruder.post(f"{DATABASE}/_bulk_docs", json={"new_edits": False, "docs": docs}).json()
        assert [row["error"] for row in rows] == ["forbidden"], docs
    after = victim.get(f"{path}?revs=true&conflicts=true&deleted_conflicts=true").json()
    assert after == before


def test_a_volunteer_writes_nothing_that_is_a_coordinators(house: House) -> None:
    """Closings, dispatches, replies, design documents and others' events are refused, in branches of conflicts too."""
    coordinator, intruder = house.join("coordinator", "moscow"), house.join("volunteer", "moscow")
    coordinator.write(EVENT)
    common = {"schema": 1, "event": EVENT["_id"], "chapter": "moscow", "device": intruder.id}
    documents: list[dict[str, Any]] = [
        {**common, "_id": f"closing:{ULID}:{ULID}", "type": "closing", "basis": "tally", "heads": 1},
        {
            **common,
            "_id": f"dispatch:{ULID}:{ULID}",
            "type": "dispatch",
            "on": "2026-03-06",
            "count": 1,
            "method": "post",
        },
        {**common, "_id": f"reply:{ULID}", "type": "reply", "prisoner": f"prisoner:{ULID}", "on": "2026-03-06"},
        {"_id": "_design/x", "views": {}},
        {**EVENT, "device": intruder.id},
        {**EVENT, "status": "cancelled"},
        {"_id": EVENT["_id"], "_deleted": True},
    ]
    for document in documents:
        [row] = intruder.post(
            f"{DATABASE}/_bulk_docs", json={"new_edits": False, "docs": [{**document, "_rev": "9-z"}]}
        ).json()
        assert row["error"] == "forbidden", document["_id"]


def test_documents_of_a_chapter_carry_no_files(house: House) -> None:
    """A file on one's own sheet would travel to every phone of the chapter."""
    intruder = house.join("volunteer", "moscow")
    sheet = intruder.sheet(heads=1)
    rev = intruder.write(sheet)
    path = f"{DATABASE}/{sheet['_id']}"
    assert _ask(intruder, "PUT", f"{path}/file?rev={rev}", content=b"x").status_code == 403
    inline = {"a": {"content_type": "text/html", "data": base64.b64encode(b"<script>").decode()}}
    assert _ask(intruder, "PUT", path, json={**sheet, "_rev": rev, "_attachments": inline}).status_code == 403
    related = (
        b'--b\r\nContent-Type: application/json\r\n\r\n{"type":"sheet","_attachments":{"a":{"follows":true,'
        b'"content_type":"text/html","length":1}}}\r\n--b\r\n\r\nx\r\n--b--'
    )
    headers = {"Content-Type": 'multipart/related; boundary="b"'}
    assert _ask(intruder, "PUT", f"{path}?rev={rev}", content=related, headers=headers).status_code == 403


NOT_THEIRS = [
    "devices", "chapter-tver", "gallery", "collection-x", "_users", "_replicator", "_all_dbs", "_dbs_info", "_active_tasks",
    "Devices", "devices.", "devices%00", "devices%2f", "devices%20", "%64evices", "chapter-tver%2f..%2fchapter-moscow",
    "chapter-moscow%2f..%2fdevices", "chapter-moscow%252f..%252fdevices", "chapter-moscow%2fx", "chapter-Moscow", "/devices",
]  # fmt: skip


def test_no_spelling_of_a_name_opens_another_database(house: House) -> None:
    """Relative steps, escapes of escapes, other case and trailing characters lead nowhere, for reading and writing."""
    intruder, coordinator = house.join("volunteer", "moscow"), house.join("coordinator", "moscow")
    for device in (intruder, coordinator):
        for name in NOT_THEIRS:
            for more in ("", "/_all_docs", "/_changes?feed=longpoll", "/_local/x", "/_snapshot"):
                assert device.get(f"/db/{name}{more}").status_code in (403, 404), (name, more)
            assert device.post(f"/db/{name}/_bulk_docs", json={"docs": []}).status_code in (403, 404, 405), name
            assert device.put(f"/db/{name}").status_code in (403, 404, 405), name


def test_only_the_server_itself_administers_its_databases(house: House) -> None:
    """`_security`, `_purge`, `_compact`, `_revs_limit` and deleting are refused to every role."""
    roles = [("volunteer", "moscow"), ("coordinator", "moscow"), ("hub", "moscow"), ("national",)]
    for device in [house.join(*role) for role in roles]:
        for name in ("chapter-moscow", "register"):
            attempts = [
                ("PUT", "/_security", {}),
                ("PUT", "/_revs_limit", 1),
                ("POST", "/_purge", {}),
                ("POST", "/_compact", {}),
                ("POST", "/_view_cleanup", {}),
                ("DELETE", "", None),
            ]
            for method, path, body in attempts:
                assert _ask(device, method, f"/db/{name}{path}", json=body).status_code == 403, (name, method, path)


def test_nobody_reaches_the_checkpoints_of_another(house: House) -> None:
    """`_local` documents of one id are different documents for different devices, however they are read or written."""
    victim, intruder = house.join("volunteer", "moscow"), house.join("volunteer", "moscow")
    path = f"{DATABASE}/_local/checkpoint"
    assert victim.put(path, json={"last_seq": 7}).json()["id"] == "_local/checkpoint"
    mine = {"_id": "_local/checkpoint", "_rev": "0-1", "last_seq": 7}
    assert intruder.get(path).status_code == 404
    for guess in (f"{victim.id}:checkpoint", f"{victim.id}%3Acheckpoint", f"../{victim.id}:checkpoint"):
        assert intruder.get(f"{DATABASE}/_local/{guess}").status_code in (400, 404)
    assert intruder.put(path, json={"last_seq": 999}).status_code == 201
    batch = [{"_id": "_local/checkpoint", "_rev": "0-1", "last_seq": 1000}, {"_id": f"_local/{victim.id}:checkpoint"}]
    rows = intruder.post(f"{DATABASE}/_bulk_docs", json={"docs": batch}).json()
    assert all(row["ok"] for row in rows)
    assert intruder.delete(f"{path}?rev=0-2").status_code == 200
    assert victim.get(path).json() == mine
    for query in (
        "",
        "?descending=true",
        '?startkey="_local/a"&endkey="_local/z"',
        '?keys=["_local/checkpoint"]',
        "?limit=1",
    ):
        rows = victim.get(f"{DATABASE}/_local_docs{query}{'&' if query else '?'}include_docs=true").json()["rows"]
        assert [row["doc"] for row in rows] == [mine], query
    rows = intruder.get(f"{DATABASE}/_local_docs").json()["rows"]
    assert [row["id"] for row in rows] == [f"_local/{victim.id}:checkpoint"], "its own one of that odd name"


def test_a_token_is_no_session_and_a_session_is_no_token(house: House) -> None:
    """What was signed for one use opens nothing by another, and no part of it can be exchanged."""
    device, browser = house.join("coordinator", "moscow"), house.sign_in("coordinator", "moscow")
    other = house.join("national")
    token = device.joined["token"]
    session = browser.cookies["otkrytka"]
    invite = house.invite("national")
    payload, signature = token.split(".")
    forged = [
        session,
        invite,
        payload,
        f"{payload}.",
        f".{signature}",
        f"{other.joined['token'].split('.')[0]}.{signature}",
    ]
    for text in [*forged, token[:-1], token + "A"]:
        asked = house.client.get("/db/register", headers={b"Authorization": f"Bearer {text}".encode("latin-1")})
        assert asked.status_code == 401, text
    for cookie in (token, invite, f"{session.split('.')[0]}.{signature}"):
        asked = house.client.get("/dashboard", headers={"Cookie": f"otkrytka={cookie}"}, follow_redirects=False)
        assert asked.status_code == 401, cookie
    assert house.client.post("/api/join", json={"invite": token}).status_code in (400, 403)
    assert house.client.post("/api/join", json={"invite": session}).status_code in (400, 403)
