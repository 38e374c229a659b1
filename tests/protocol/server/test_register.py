"""The register's pages: found in any spelling, edited with a history, merged, imported after a look, read by phones."""

import re
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import pytest

from server.audit import Audit
from server.domain.register_csv import COLUMNS
from sync.documents import Document
from sync.errors import OutOfSpace
from tests.protocol.server.house import EVENT, House
from tests.protocol.server.test_editing_evenings import form_of

ANNA = "prisoner:01KFW000000000000000000P01"
TWIN = "prisoner:01KFW000000000000000000P02"
BORIS = "prisoner:01KFW000000000000000000P03"
PAGE = f"/dashboard/register/{ANNA}"
ENGLISH = {"Accept-Language": "en"}
PEOPLE: dict[str, dict[str, Any]] = {
    ANNA: {"name": {"ru": "Пример Воробьёва", "en": ""}, "born": "1976", "status": "detained",
           "placements": [{"facility": "Выдуманная колония № 1", "address": "000000", "verified_on": "2020-01"}]},
    TWIN: {"name": {"ru": "", "en": "Primer Vorobyova"}, "born": "1976-05-02", "status": "convicted"},
    BORIS: {"name": {"ru": "Вымысел Лютик", "en": "Fiction Buttercup"}, "status": "convicted", "themes": ["scientist"]},
}  # fmt: skip


@pytest.fixture
def browser(house: House) -> Any:
    """A national coordinator, and three invented people in the register."""
    national = house.join("national")
    for doc_id, body in PEOPLE.items():
        national.write({"_id": doc_id, "type": "prisoner", "schema": 1, **body}, "register")
    return house.sign_in("national")


def stored(house: House, doc_id: str = ANNA) -> dict[str, Any]:
    return dict(house.join("national").get(f"/db/register/{doc_id}").json())


@pytest.mark.parametrize("asked", ["воробьева", "ВОРОБЬЁВА", "Vorobyova", "vorobiev", "voroby"])
def test_a_name_is_found_in_any_spelling(browser: Any, asked: str) -> None:
    """ё or е, Cyrillic or any transliteration; others are not shown."""
    page = browser.get("/dashboard/register", params={"q": asked}).text
    assert ANNA in page
    assert TWIN in page
    assert BORIS not in page


def test_the_list_is_narrowed(browser: Any) -> None:
    """By state, theme, place, and by whose address nobody has checked for long."""
    for chosen, there, gone in (
        ({"status": "detained"}, ANNA, BORIS),
        ({"theme": "scientist"}, BORIS, ANNA),
        ({"facility": "Выдуманная колония № 1"}, ANNA, BORIS),
        ({"stale": "1"}, ANNA, "nobody"),
        ({"page": "x" * 9}, ANNA, "nobody"),
    ):
        page = browser.get("/dashboard/register", params=chosen).text
        assert there in page
        assert gone not in page
    browser.post(f"{PAGE}/confirm")
    assert ANNA not in browser.get("/dashboard/register", params={"stale": "1"}).text


def test_a_release_reaches_phones_at_their_next_sync(house: House, browser: Any) -> None:
    """The edit is an ordinary revision in the register's feed, told in the history by pseudonym, before and after."""
    phone = house.join("volunteer", "moscow")
    since = phone.get("/db/register/_changes").json()["last_seq"]
    form = form_of(browser.get(f"{PAGE}/edit").text) | {"status": "released"}
    assert browser.post(f"{PAGE}/edit", data=form).status_code == 303
    changes = phone.get("/db/register/_changes", params={"since": since, "include_docs": "true"}).json()["results"]
    assert [(row["id"], row["doc"]["status"]) for row in changes] == [(ANNA, "released")]
    page = browser.get(PAGE, headers=ENGLISH).text
    assert "<del>detained</del> → <ins>released</ins>" in page
    assert changes[0]["doc"]["placements"] == PEOPLE[ANNA]["placements"]


def test_two_edits_of_one_field_are_chosen_between(house: House, browser: Any) -> None:
    """409 with both values; what else was typed stays."""
    form = form_of(browser.get(f"{PAGE}/edit").text) | {"status": "released", "note": "Typed by hand"}
    browser.post(f"{PAGE}/edit", data=form_of(browser.get(f"{PAGE}/edit").text) | {"status": "exchanged"})
    clash = browser.post(f"{PAGE}/edit", data=form, headers=ENGLISH)
    assert clash.status_code == 409
    assert "<b>released in an exchange</b>" in clash.text
    assert "<b>released</b>" in clash.text
    assert "Typed by hand" in clash.text
    assert stored(house)["status"] == "exchanged"


def test_somebody_new_is_written_once(house: House, browser: Any) -> None:
    """A form sent twice makes one entry; one without a name none, and says so."""
    form = form_of(browser.get("/dashboard/register/new").text)
    assert browser.post("/dashboard/register/new", data=form).status_code == 400
    form |= {"name_ru": "Новый Человек", "articles": "207.3, 280.3", "sources": "one\ntwo"}
    for _ in range(2):
        made = browser.post("/dashboard/register/new", data=form)
        assert made.status_code == 303
    body = stored(house, made.headers["location"].rpartition("/")[2])
    assert (body["articles"], body["sources"]) == (["207.3", "280.3"], ["one", "two"])


@pytest.mark.parametrize(("field", "text"), [("born", "1976-13"), ("born", "long ago"), ("themes", "Not A Slug")])
def test_a_wrong_field_is_named(browser: Any, field: str, text: str) -> None:
    """400, with what was typed."""
    answer = browser.post(f"{PAGE}/edit", data=form_of(browser.get(f"{PAGE}/edit").text) | {field: text})
    assert answer.status_code == 400
    assert f'value="{text}"' in answer.text
    assert f'id="p_{field}"' in answer.text


def test_a_move_adds_a_place_and_keeps_the_old_one(house: House, browser: Any) -> None:
    """Placements are a history; an old one can be corrected."""
    form = form_of(browser.get(f"{PAGE}/placements/1").text) | {"facility": "Colony 2", "verified_on": "2026-02-01"}
    assert browser.post(f"{PAGE}/placements/1", data=form).status_code == 303
    form = form_of(browser.get(f"{PAGE}/placements/0").text) | {"to": "2026-01"}
    assert browser.post(f"{PAGE}/placements/0", data=form).status_code == 303
    old, new = stored(house)["placements"]
    assert (old["to"], old["address"], new["facility"]) == ("2026-01", "000000", "Colony 2")
    assert browser.get(f"{PAGE}/placements/7").status_code == 404


def test_the_letters_somebody_had_are_listed_a_page_at_a_time(
    house: House, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The latest evening first. A coordinator sees those of their chapters, and how many letters were written in others."""
    monkeypatch.setattr(import_module("server.dashboards.register.people"), "PAGE", 2)
    for chapter, days in (("moscow", (1, 2, 3)), ("tver", (4,))):
        phone = house.join("coordinator", chapter)
        for day in days:
            event = f"event:01KFW000000000000000000E{day:02}"
            about = {
                "_id": event,
                "chapter": chapter,
                "title": f"Evening {day}",
                "starts": f"2026-03-0{day}T19:00:00+03:00",
            }
            phone.write({**EVENT, **about, "device": phone.id}, f"chapter-{chapter}")
            sheet = phone.sheet(letters={ANNA: day}) | {"chapter": chapter, "event": event}
            sheet["_id"] = f"sheet:{event.partition(':')[2]}:{phone.id}"
            phone.write(sheet, f"chapter-{chapter}")
    house.settle()

    def listed(reader: Any, skip: int) -> tuple[list[str], bool, bool]:
        page = reader.get(f"{PAGE}?skip={skip}", headers=ENGLISH).text
        return re.findall(r">(Evening \d)<", page), f"?skip={skip + 2}" in page, "4 more letters" in page

    assert listed(browser, 0) == (["Evening 4", "Evening 3"], True, False)
    assert listed(browser, 2) == (["Evening 2", "Evening 1"], False, False)
    coordinator = house.sign_in("coordinator", "moscow")
    assert listed(coordinator, 0) == (["Evening 3", "Evening 2"], True, True)
    assert listed(coordinator, 2) == (["Evening 1"], False, True)


def upload(browser: Any, raw: bytes) -> Any:
    return browser.post("/dashboard/register/table", files={"file": ("people.csv", raw)}, headers=ENGLISH)


def test_the_exported_table_changes_nothing_when_it_comes_back(house: House, browser: Any) -> None:
    """A round trip finds every row unchanged; formulas are neutral on the way and whole again at home."""
    form = form_of(browser.get(f"{PAGE}/edit").text) | {"note": '=HYPERLINK("http://x")'}
    browser.post(f"{PAGE}/edit", data=form)
    table = browser.get("/dashboard/register/table.csv")
    assert table.content.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode())
    assert "'=HYPERLINK" in table.text
    page = upload(browser, table.content).text
    assert "Unchanged: 3 rows" in page
    assert 'name="row"' not in page
    assert stored(house)["note"].startswith("=HYPERLINK")


def test_a_table_is_looked_at_before_it_is_written(house: House, browser: Any) -> None:
    """Every row is new, changed, suspicious or refused with line and column; only ticked rows are written, when confirmed."""
    table = (
        "id;name_ru;born;status\r\n"
        f"{ANNA};Пример Воробьёва;1976;released\r\n"
        ";Совсем Новый;1990;detained\r\n"
        ";Пример Воробьева;1976;detained\r\n"
        f"{BORIS};Другой Человек;;detained\r\n"
        ";Кто-то Ещё;19xx;detained\r\n"
    )
    page = upload(browser, table.encode("cp1251")).text
    assert stored(house)["status"] == "detained"
    verdicts = [re.search(rf'<section id="{name}">(.*?)</section>', page, re.DOTALL) for name in ("new", "changed")]
    assert all(verdicts)
    ticked = re.findall(r'name="row" value="([^"]+)" checked', page)
    assert [tick.split()[:2] for tick in ticked] == [["2", "changed"], ["3", "new"]]
    doubtful = re.search(r'<section id="suspicious">(.*?)</section>', page, re.DOTALL)
    assert doubtful is not None
    assert "Line 4." in doubtful[1]
    assert "Line 5." in doubtful[1]
    refused = re.search(r'<section id="refused">(.*?)</section>', page, re.DOTALL)
    assert refused is not None
    assert "Line 6." in refused[1]
    assert "<code>born</code>" in refused[1]
    form = {"table": table, "confirm": "1", "row": ticked}
    done = browser.post("/dashboard/register/table", data=form, headers=ENGLISH).text
    assert "2 rows written" in done
    assert stored(house)["status"] == "released"
    again = browser.post("/dashboard/register/table", data=form, headers=ENGLISH).text
    assert "0 rows written" in again
    assert browser.get("/dashboard/register", params={"q": "Совсем"}).text.count("Совсем Новый") == 1


def test_a_table_confirmed_twice_at_once_makes_nobody_twice(house: House, browser: Any) -> None:
    """Two clicks, or a browser that tries again: new people, and those like others, have ids since the preview."""
    table = "name_ru\n" + "".join(f"Новый{n} Одуванчик{n}\n" for n in range(300))
    page = upload(browser, table.encode()).text
    form = {"table": table, "confirm": "1", "row": re.findall(r'name="row" value="([^"]+)"', page)}
    form["opened"] = re.findall(r'name="opened" value="(\w+)"', page)

    def confirm(_: int) -> int:
        page = browser.post("/dashboard/register/table", data=form, headers=ENGLISH).text
        return int(re.findall(r"(\d+) rows? written", page)[0])

    with ThreadPoolExecutor() as both:
        assert sum(both.map(confirm, range(2))) == 300
    assert len(house.call(house.context.register.shelf).prisoners) == 303


def test_a_table_confirmed_by_two_at_once_makes_nobody_twice(house: House, browser: Any) -> None:
    """Each has looked at a preview of their own; the later one is told that its people are like others."""
    table = "name_ru\n" + "".join(f"Новый{n} Одуванчик{n}\n" for n in range(30))
    forms = []
    for _ in range(2):
        page = upload(browser, table.encode()).text
        ticked = {name: re.findall(f'name="{name}" value="([^"]+)"', page) for name in ("opened", "row")}
        forms.append({"table": table, "confirm": "1", **ticked})

    def confirm(form: dict[str, Any]) -> int:
        return len(re.findall(r'value="\d+ suspicious ', browser.post("/dashboard/register/table", data=form).text))

    with ThreadPoolExecutor() as both:
        assert sorted(both.map(confirm, forms)) == [0, 30]
    assert len(house.call(house.context.register.shelf).prisoners) == 33


def test_a_row_overtaken_by_an_edit_is_not_written(house: House, browser: Any) -> None:
    """What was previewed is not what is stored any more, so the row is shown again."""
    table = f"id,name_ru,status\n{ANNA},Пример Воробьёва,released\n"
    ticked = re.findall(r'name="row" value="([^"]+)" checked', upload(browser, table.encode()).text)
    browser.post(f"{PAGE}/edit", data=form_of(browser.get(f"{PAGE}/edit").text) | {"note": "meanwhile"})
    form = {"table": table, "confirm": "1", "row": ticked}
    assert "1 row was not written" in browser.post("/dashboard/register/table", data=form, headers=ENGLISH).text
    assert stored(house)["status"] == "detained"


def test_what_a_table_writes_is_in_the_log_whenever_the_server_ends(
    house: House, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log is told first: where it can't be, nothing is written, and once it can the same form writes and tells all."""
    table = f"id,name_ru,status\n{ANNA},Пример Воробьёва,released\n"
    ticked = re.findall(r'name="row" value="([^"]+)" checked', upload(browser, table.encode()).text)
    form = {"table": table, "confirm": "1", "row": ticked}

    async def ended(*_: Any) -> None:
        raise OutOfSpace("the server ended here")

    with monkeypatch.context() as patched:
        patched.setattr(Audit, "record_all", ended)
        assert browser.post("/dashboard/register/table", data=form).status_code == 507
    assert stored(house)["status"] == "detained"
    assert browser.post("/dashboard/register/table", data=form).status_code == 200
    assert stored(house)["status"] == "released"
    assert [act.act for act in house.call(house.context.audit.acts, ANNA)] == ["prisoner-imported"]


def test_the_log_tells_of_a_row_that_was_left_after_all(
    house: House, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another server on the store was faster between the look at the register and the writing."""
    table = f"id,name_ru,status\n{ANNA},Пример Воробьёва,released\n"
    ticked = re.findall(r'name="row" value="([^"]+)" checked', upload(browser, table.encode()).text)
    told = Audit.record_all

    async def overtaken(audit: Audit, *act: Any) -> None:
        database = await house.context.catalog.open("register")
        stood = await database.get(ANNA)
        await database.write([Document(id=ANNA, rev=stood.rev, body=stood.body[:-1] + b',"note":"x"}')])
        monkeypatch.undo()
        await told(audit, *act)

    monkeypatch.setattr(Audit, "record_all", overtaken)
    form = {"table": table, "confirm": "1", "row": ticked}
    assert "1 row was not written" in browser.post("/dashboard/register/table", data=form, headers=ENGLISH).text
    acts = [act.act for act in house.call(house.context.audit.acts, ANNA)]
    assert acts == ["prisoner-import-left", "prisoner-imported"]
    assert stored(house)["status"] == "detained"


@pytest.mark.parametrize(
    "raw", [b"", b"a,b\n1,2\n", b'name_ru\n"open', b"\x98\xff\x98name_ru", b"name_ru,name_ru\nx,y\n"]
)
def test_an_unreadable_table_is_explained(browser: Any, raw: bytes) -> None:
    """400 and a sentence, never a 500."""
    answer = upload(browser, raw)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_a_report_leaves_when_the_register_is_right(house: House, browser: Any) -> None:
    """Confirming the address settles it; its chapter's coordinator may also take a mistaken one away."""
    phone = house.join("volunteer", "moscow", pseudonym="Quiet Owl")
    ids = [f"report:01KFW0000000000000000000R{n}" for n in (1, 2)]
    for doc_id, prisoner in zip(ids, (ANNA, BORIS), strict=True):
        phone.write(
            {"_id": doc_id, "type": "report", "schema": 1, "chapter": "moscow", "device": phone.id,
             "prisoner": prisoner, "kind": "returned", "on": "2026-03-01", "note": "came back"}
        )  # fmt: skip
    house.settle()
    page = browser.get("/dashboard/register/reports").text
    assert "Quiet Owl" in page
    assert page.count("came back") == 2
    browser.post(f"{PAGE}/confirm")
    assert browser.get("/dashboard/register/reports").text.count("came back") == 1
    assert house.sign_in("coordinator", "tver").get("/dashboard/register/reports").text.count("came back") == 0
    local = house.sign_in("coordinator", "moscow")
    assert browser.post(f"/dashboard/register/reports/moscow/{ids[1]}").status_code == 403
    assert local.post(f"/dashboard/register/reports/moscow/{ids[1]}").status_code == 303
    house.settle()
    assert "came back" not in local.get("/dashboard/register/reports").text


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (
            "figure",
            {"ru": "политзаключённые", "count": "1 270", "at_least": "yes", "on": "2026-01-30", "source": "A source"},
        ),
        (
            "facility",
            {
                "ru": "Выдуманная колония",
                "languages": "ru, uk",
                "forbidden": "Суд | The trial\n| News",
                "enclosures": "Открытка",
                "eletters": "Пример-Письмо | https://example.org",
            },
        ),
        ("theme", {"en": "A day", "text_en": "Why"}),
        ("rules", {"en": "Be kind", "text_en": "Always", "order": "3"}),
    ],
)
def test_the_smaller_records_are_made_and_corrected(browser: Any, kind: str, typed: dict[str, str]) -> None:
    """A figure without a source or a day, a record without a name, is refused."""
    address = f"/dashboard/register/records/{kind}"
    form = form_of(browser.get(address).text)
    assert browser.post(address, data=form).status_code == 400
    assert browser.post(address, data=form | typed).status_code == 303
    page = browser.get("/dashboard/register/records", headers=ENGLISH).text
    assert (typed.get("en") or typed["ru"]) in page
    if kind == "figure":
        assert "at least 1,270" in page
        assert "A source" in page
    made = f"{address}/{form['new']}"
    shown = browser.get(made).text
    if kind == "facility":
        assert all(words in shown for words in typed.values())
    changed = form_of(shown) | {"en": "Another name"}
    assert browser.post(made, data=changed).status_code == 303
    assert "Another name" in browser.get("/dashboard/register/records", headers=ENGLISH).text


def test_a_chapter_is_in_a_zone_that_exists(house: House, browser: Any) -> None:
    """Its evenings would stand at no time anybody could tell."""
    pskov = {"_id": "chapter:pskov", "type": "chapter", "schema": 1, "name": {"ru": "Псков", "en": "Pskov"}}
    house.join("national").write(pskov, "register")
    address = "/dashboard/register/records/chapter/pskov"
    form = form_of(browser.get(address).text)
    answer = browser.post(address, data=form | {"zone": "Europe/Nowhere"}, headers=ENGLISH)
    assert (answer.status_code, "There is no such time zone" in answer.text) == (400, True)
    assert browser.post(address, data=form | {"zone": "Europe/Moscow"}).status_code == 303


WRITES = (
    f"{PAGE}/edit",
    f"{PAGE}/confirm",
    f"{PAGE}/placements/0",
    "/dashboard/register/new",
    "/dashboard/register/doubles",
    "/dashboard/register/table",
    "/dashboard/register/records/theme",
)


@pytest.mark.parametrize("path", WRITES)
def test_only_national_coordinators_write_the_register(house: House, browser: Any, path: str) -> None:
    """A chapter's coordinator reads; a form on another site does nothing, whoever is signed in; nobody: 401."""
    assert house.sign_in("coordinator", "moscow").post(path, data={"status": "released"}).status_code == 403
    other_site = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post(path, data={"status": "released"}, headers=other_site).status_code == 403
    house.client.cookies.clear()
    assert house.client.post(path, data={}).status_code == 401
    assert stored(house)["status"] == "detained"


def test_the_history_tells_of_what_came_by_replication(house: House, browser: Any) -> None:
    """A field changed by another server or a program is named with its time; what these pages changed is told once."""
    form = form_of(browser.get(f"{PAGE}/edit", headers=ENGLISH).text)
    assert browser.post(f"{PAGE}/edit", data={**form, "sentence": "7 years"}).status_code == 303
    known = stored(house)
    assert set(known["edited"]) == {"sentence"}
    moment = "2026-03-05T19:00:00+03:00"
    edited = {**known["edited"], "placements": moment, "status": moment}
    house.join("national").write({**known, "status": "convicted", "edited": edited}, "register")
    page = browser.get(PAGE, headers=ENGLISH).text.partition("History</h2>")[2]
    words = " ".join(re.sub("<[^>]*>", " ", page).split())
    assert (
        "5 March 2026, 16:00 Changed elsewhere: by a program or on another server Where they are held, Status" in words
    )
    assert words.count("Sentence") == 1
