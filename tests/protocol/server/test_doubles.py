"""Two entries of the register about one person: made one, counted as one everywhere, and made two again."""

import re
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import msgspec
import pytest

from server.context import Context
from server.dashboards.writing import Stored
from sync.documents import Document
from tests.protocol.server.house import EVENT, House
from tests.protocol.server.test_register import ANNA, BORIS, ENGLISH, PAGE, PEOPLE, TWIN, stored


@pytest.fixture
def browser(house: House) -> Any:
    """A national coordinator, and three invented people in the register."""
    _keep(house, PEOPLE)
    return house.sign_in("national")


def _keep(house: House, people: dict[str, dict[str, Any]]) -> None:
    national = house.join("national")
    for doc_id, body in people.items():
        national.write({"_id": doc_id, "type": "prisoner", "schema": 1, **body}, "register")


def test_merged_doubles_are_one_recipient_everywhere(house: House, browser: Any) -> None:
    """Letters to either are letters to one person: event, chapter, country; and apart again when undone."""
    phone = house.join("coordinator", "moscow")
    phone.write({**EVENT, "device": phone.id})
    phone.write(phone.sheet(heads=3, letters={ANNA: 2, TWIN: 3, BORIS: 1}))
    house.settle()
    paths = ("", "/chapters/moscow", f"/events/{EVENT['_id']}")

    def recipients() -> list[int]:
        return [phone.get(f"/api/totals{path}").json()["recipients"] for path in paths[1:]]

    assert recipients() == [3, 3]
    page = browser.get("/dashboard/register/doubles").text
    assert ANNA in page
    assert BORIS not in page
    assert browser.post("/dashboard/register/doubles", data={"pair": [ANNA, TWIN], "keep": ANNA}).status_code == 303
    house.settle()
    assert recipients() == [2, 2]
    assert browser.get("/api/totals").json()["recipients"] == 2
    assert phone.get(f"/api/totals/events/{EVENT['_id']}").json()["written"] == 6
    assert "5 letters" in browser.get(PAGE, headers=ENGLISH).text
    assert browser.get(f"/dashboard/register/{TWIN}").headers["location"] == PAGE
    assert TWIN not in browser.get("/dashboard/register").text
    undo = rf'name="double" value="{TWIN}"><button [^>]*name="undo"'
    assert re.search(undo, browser.get("/dashboard/register/doubles").text)
    assert browser.post("/dashboard/register/doubles", data={"double": TWIN, "undo": "1"}).status_code == 303
    house.settle()
    assert recipients() == [3, 3]


def test_a_merged_recipient_is_one_in_words_forms_and_files(house: House, browser: Any) -> None:
    """The line for the press, the form that closes the evening and the table of its sheets say what its page says."""
    assert browser.post("/dashboard/register/doubles", data={"pair": [ANNA, TWIN], "keep": ANNA}).status_code == 303
    phone = house.join("coordinator", "moscow")
    phone.write({**EVENT, "status": "closed"})
    phone.write(phone.sheet(heads=30, letters={ANNA: 20, TWIN: 20}))
    phone.write(phone.closing(basis="tally"))
    house.settle()
    coordinator = house.sign_in("coordinator", "moscow")
    assert "40 letters to 1 political prisoner " in coordinator.get("/dashboard/report", headers=ENGLISH).text
    form = coordinator.get(f"/dashboard/events/{EVENT['_id']}/close", headers=ENGLISH).text
    assert "Tallied: 1<" in form
    assert "Tallied: 2<" not in form
    table = coordinator.get(f"/dashboard/tables/events/{EVENT['_id']}.csv", headers=ENGLISH).text
    assert table.splitlines()[1].endswith(",30,40,1")


def test_taking_a_merge_back_brings_back_what_was_before(house: House, browser: Any) -> None:
    """An alias of the one that went is its alias again; what was merged or parted since stays as it was said."""

    def merge(one: str, other: str, keep: str) -> None:
        form = {"pair": [one, other], "keep": keep}
        assert browser.post("/dashboard/register/doubles", data=form).status_code == 303

    def leads_to(name: str) -> str:
        return str(browser.get(f"/dashboard/register/{name}").headers.get("location", name)).rpartition("/")[2]

    def part(name: str) -> None:
        form = {"double": name, "undo": "1"}
        assert browser.post("/dashboard/register/doubles", data=form).status_code == 303

    merge(ANNA, TWIN, keep=ANNA)
    merge(TWIN, BORIS, keep=BORIS)  # who is Anna by now
    assert [leads_to(name) for name in (ANNA, TWIN)] == [BORIS, BORIS]
    part(ANNA)
    part(ANNA)
    assert [leads_to(name) for name in (ANNA, TWIN, BORIS)] == [ANNA, ANNA, BORIS]
    acts = house.call(house.context.audit.acts, ANNA)
    assert [act.act for act in acts] == ["prisoner-parted", "prisoner-merged"]

    merge(ANNA, BORIS, keep=BORIS)
    part(TWIN)
    part(ANNA)
    assert [leads_to(name) for name in (ANNA, TWIN, BORIS)] == [ANNA, TWIN, BORIS]


def _person(number: int) -> str:
    return f"prisoner:01KFW000000000000000000Q{number:02}"


def test_steps_and_circles_of_merges_end_in_one_person(house: House) -> None:
    """What two servers, or two programs, wrote at once is one recipient, has a page, and can be taken apart again."""
    into = {1: 2, 2: 3, 4: 5, 5: 4}
    people = {_person(n): {"name": {"ru": f"Пример {n}"}, "status": "detained"} for n in range(1, 6)}
    for number, other in into.items():
        people[_person(number)]["merged_into"] = _person(other)
    national, phone, browser = house.join("national"), house.join("volunteer", "moscow"), house.sign_in("national")
    phone.write(phone.sheet(letters=dict.fromkeys(people, 1)))
    _keep(house, people)

    def recipients() -> int:
        house.settle()
        return int(national.get("/api/totals").json()["recipients"])

    assert recipients() == 2
    for number in (1, 2):
        assert browser.get(f"/dashboard/register/{_person(number)}").headers["location"].endswith(_person(3))
    assert browser.get(f"/dashboard/register/{_person(5)}").headers["location"].endswith(_person(4))
    assert _person(5) in browser.get(f"/dashboard/register/{_person(4)}").text
    browser.post("/dashboard/register/doubles", data={"double": _person(2), "undo": "1"})
    assert recipients() == 3, "the first two are one person still"
    browser.post("/dashboard/register/doubles", data={"double": _person(5), "undo": "1"})
    assert recipients() == 3
    assert browser.get(f"/dashboard/register/{_person(4)}").headers["location"].endswith(_person(5))


def test_two_who_merge_at_once_make_no_circle(house: House, browser: Any) -> None:
    """Each keeps the other one's double: the first is done, the second is told that it can't be."""

    def merge(keep: str) -> int:
        form = {"pair": [ANNA, TWIN], "keep": keep}
        return int(house.sign_in("national").post("/dashboard/register/doubles", data=form).status_code)

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(merge, (ANNA, TWIN))) == [303, 400]
    assert [bool(stored(house, one).get("merged_into")) for one in (ANNA, TWIN)].count(True) == 1


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"pair": [ANNA, ANNA], "keep": ANNA},
        {"pair": [ANNA, "prisoner:x"], "keep": ANNA},
        {"keep": ANNA},
        {"pair": [ANNA, TWIN, BORIS], "keep": ANNA},
    ],
)
def test_nonsense_merges_nothing(house: House, browser: Any, form: dict[str, Any]) -> None:
    """400, and nothing written."""
    assert browser.post("/dashboard/register/doubles", data=form).status_code == 400
    assert "merged_into" not in stored(house)


def test_two_servers_that_merge_each_the_other_way_leave_no_circle(
    house: House, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks last unties it: one of the two is somebody, the same one whoever looks."""
    doubles = import_module("server.dashboards.register.doubles")  # the package has a function of that name
    finding = doubles.find

    async def overtaken(context: Context, database: str, doc_id: str) -> Stored:
        monkeypatch.undo()
        stood = await finding(context, database, ANNA)
        body = msgspec.json.encode({**stood.body, "merged_into": TWIN})
        await (await context.catalog.open(database)).write([Document(id=ANNA, rev=stood.rev, body=body)])
        found: Stored = await finding(context, database, doc_id)
        return found

    monkeypatch.setattr(doubles, "find", overtaken)
    answer = browser.post("/dashboard/register/doubles", data={"pair": [ANNA, TWIN], "keep": ANNA})
    assert answer.headers["location"] == f"/dashboard/register/{ANNA}"
    assert [stored(house, name)["merged_into"] for name in (ANNA, TWIN)] == [None, ANNA]


def test_whoever_is_all_of_a_circle_is_somebody(house: House, browser: Any) -> None:
    """However it came about: they are listed, and can be merged and parted as others."""
    _keep(house, {TWIN: {**PEOPLE[TWIN], "merged_into": ANNA, "_rev": stored(house, TWIN)["_rev"]}})
    _keep(house, {ANNA: {**PEOPLE[ANNA], "merged_into": TWIN, "_rev": stored(house, ANNA)["_rev"]}})
    listed = browser.get("/dashboard/register").text
    assert ANNA in listed
    assert TWIN not in listed
    assert browser.get(PAGE).status_code == 200
    assert browser.post("/dashboard/register/doubles", data={"pair": [ANNA, BORIS], "keep": BORIS}).status_code == 303
    assert [stored(house, name)["merged_into"] for name in (ANNA, TWIN)] == [BORIS, ANNA]
