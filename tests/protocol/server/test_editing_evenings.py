"""Evenings made, changed, closed, cancelled and sent in plain HTML forms."""

import datetime as dt
import re
from typing import Any

import pytest

from tests.protocol.server.house import EVENT, House

PAGE = f"/dashboard/events/{EVENT['_id']}"
ULID = EVENT["_id"].partition(":")[2]


def form_of(text: str) -> dict[str, str]:
    """What a browser would send of a form nobody typed in."""
    fields = dict(re.findall(r'<input type="(?!checkbox|radio)[^"]*"[^>]* name="([^"]+)"[^>]* value="([^"]*)"', text))
    fields |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', text))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


@pytest.fixture
def browser(house: House) -> Any:
    """A coordinator of moscow, where an evening with letters is under way."""
    phone = house.join("coordinator", "moscow")
    phone.write({**EVENT, "device": phone.id})
    phone.write(phone.sheet(heads=40, letters={"prisoner:01KFW000000000000000000P01": 9}))
    house.settle()
    return house.sign_in("coordinator", "moscow")


def stored(house: House, doc_id: str = EVENT["_id"]) -> dict[str, Any]:
    answer = house.join("coordinator", "moscow").get(f"/db/chapter-moscow/{doc_id}")
    return dict(answer.json())


def test_an_evening_is_made_and_shown(house: House, browser: Any) -> None:
    """The times typed are those of the zone; a form sent twice makes one evening; its page tells who made it."""
    form = form_of(browser.get("/dashboard/chapters/moscow/new").text)
    form |= {"title": "In the library", "starts": "2026-07-01T19:00", "zone": "Asia/Yekaterinburg", "place": "Here"}
    for _ in range(2):
        made = browser.post("/dashboard/chapters/moscow/new", data=form)
        assert made.status_code == 303, made.text
    body = stored(house, made.headers["location"].rpartition("/")[2])
    assert (body["title"], body["starts"]) == ("In the library", "2026-07-01T19:00:00+05:00")
    page = browser.get(made.headers["location"], headers={"Accept-Language": "en"}).text
    assert "In the library" in page
    assert "Evening made" in page
    assert browser.get("/dashboard/chapters/moscow").text.count("In the library") == 1


@pytest.mark.parametrize(
    ("field", "text", "key"),
    [
        ("title", "", "Please fill this in"),
        ("title", "x" * 301, "too long"),
        ("starts", "soon", "a day and a time"),
        ("ends", "2026-03-01T10:00", "before it begins"),
        ("zone", "Moon/Crater", "no such time zone"),
        ("status", "forgotten", "choose from the list"),
        ("theme", "No Slug", "lower-case Latin letters"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(browser: Any, field: str, text: str, key: str) -> None:
    """400, the fault beside its field and above all of them, every other text as it was typed, nothing stored."""
    form = form_of(browser.get(f"{PAGE}/edit").text) | {"place": "Over there"} | {field: text}
    answer = browser.post(f"{PAGE}/edit", data=form, headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert key in answer.text
    assert "<title>Error: " in answer.text
    assert re.search(rf'<a href="#f-{field}">[^<]+</a>: [^<]*{key}', answer.text)
    assert f'aria-describedby="p_{field}' in answer.text
    assert 'value="Over there"' in answer.text
    assert "Over there" not in browser.get(PAGE).text


def test_two_coordinators_who_edit_different_fields_do_not_meet(house: House, browser: Any) -> None:
    """Each form writes only what its editor changed."""
    other = house.sign_in("coordinator", "moscow")
    mine, theirs = (form_of(one.get(f"{PAGE}/edit").text) for one in (browser, other))
    assert other.post(f"{PAGE}/edit", data=theirs | {"place": "Hall 2"}).status_code == 303
    assert browser.post(f"{PAGE}/edit", data=mine | {"title": "New title"}).status_code == 303
    body = stored(house)
    assert (body["title"], body["place"]) == ("New title", "Hall 2")
    assert body["edited"].keys() == {"title", "place"}


@pytest.mark.parametrize(("choice", "outcome"), [("theirs", "Hall 2"), ("mine", "Hall 3")])
def test_one_field_changed_by_two_is_chosen_between(house: House, browser: Any, choice: str, outcome: str) -> None:
    """409 with both values; nothing is written until one is chosen, and what else was typed stays in the form."""
    form = form_of(browser.get(f"{PAGE}/edit").text) | {"place": "Hall 3", "title": "Typed"}
    other = house.sign_in("coordinator", "moscow")
    other.post(f"{PAGE}/edit", data=form_of(other.get(f"{PAGE}/edit").text) | {"place": "Hall 2"})
    clash = browser.post(f"{PAGE}/edit", data=form, headers={"Accept-Language": "en"})
    assert clash.status_code == 409
    assert "<b>Hall 2</b>" in clash.text
    assert "<b>Hall 3</b>" in clash.text
    assert stored(house)["place"] == "Hall 2"
    chosen = form_of(clash.text) | {"choose-place": choice}
    assert browser.post(f"{PAGE}/edit", data=chosen).status_code == 303
    body = stored(house)
    assert (body["place"], body["title"]) == (outcome, "Typed")


def test_fields_nobody_here_knows_stay(house: House, browser: Any) -> None:
    """What a newer app wrote into an event survives an edit on the page."""
    phone = house.join("coordinator", "moscow")
    body = stored(house)
    phone.write({**body, "from_the_future": {"deep": [1]}})
    house.settle()
    browser.post(f"{PAGE}/edit", data=form_of(browser.get(f"{PAGE}/edit").text) | {"title": "New"})
    assert stored(house)["from_the_future"] == {"deep": [1]}


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_a_line_ends_once_however_it_was_written(house: House, browser: Any, end: str) -> None:
    """Typed or stored by another client: one break, in the form, the calendar and the JSON; nobody is told of a clash."""
    form = form_of(browser.get(f"{PAGE}/edit").text) | {"bring": f"Stamps{end}Pens", "listed": "yes"}
    assert browser.post(f"{PAGE}/edit", data=form).status_code == 303
    assert stored(house)["bring"] == "Stamps\nPens"
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(days=7)).isoformat(timespec="seconds")
    texts = {"bring": f"Cards{end}Ink", "title": f"Two{end}lines", "starts": soon, "status": "planned"}
    house.join("coordinator", "moscow").write(stored(house) | texts)
    house.settle()
    assert "\\nCards\\nInk\\n" in house.client.get("/public/en/schedule.ics").text.replace("\r\n ", "")
    assert "SUMMARY:Two lines\r\n" in house.client.get("/public/en/schedule.ics").text
    assert "<title>Two lines</title>" in house.client.get("/public/en/feed.atom").text
    [told] = house.client.get("/public/schedule.json").json()["events"]
    assert told["bring"] == "Cards\nInk"
    # What a browser makes of it: a hidden field's breaks come back as CRLF.
    form = form_of(browser.get(f"{PAGE}/edit").text)
    form = {name: value.replace("\n", "\r\n") for name, value in form.items()} | {"title": "One line", "bring": "Paper"}
    assert browser.post(f"{PAGE}/edit", data=form).status_code == 303
    assert (stored(house)["title"], stored(house)["bring"]) == ("One line", "Paper")


def test_what_to_bring_and_whether_the_public_hears_of_it(house: House, browser: Any) -> None:
    """An evening says nothing about the schedule until somebody chooses; the choice can be taken back."""
    for choice, outcome in (("no", False), ("yes", True), ("", None)):
        form = form_of(browser.get(f"{PAGE}/edit").text) | {"bring": "Stamps\nPens", "listed": choice}
        assert browser.post(f"{PAGE}/edit", data=form).status_code == 303
        assert (stored(house)["bring"], stored(house)["listed"]) == ("Stamps\nPens", outcome)


def test_an_evening_is_closed_and_closed_again(house: House, browser: Any) -> None:
    """Declared numbers stand beside the tally; the next closing replaces the one it was made from."""
    form = form_of(browser.get(f"{PAGE}/close").text)
    form |= {"heads": "100", "at_least": "heads", "letters": "12", "basis": "recount", "note": "two found"}
    assert browser.post(f"{PAGE}/close", data=form).status_code == 303
    page = browser.get(PAGE, headers={"Accept-Language": "en"}).text
    assert "at least 100" in page
    assert "+3" in page
    again = form_of(browser.get(f"{PAGE}/close").text)
    assert (again["heads"], again["letters"]) == ("100", "12")
    assert browser.post(f"{PAGE}/close", data=again | {"letters": "11"}).status_code == 303
    page = browser.get(PAGE, headers={"Accept-Language": "en"}).text
    assert "+2" in page
    assert "conflicts about this evening" not in page


def test_a_closing_made_meanwhile_is_shown_before_it_is_replaced(house: House, browser: Any) -> None:
    """409 with the other's numbers and what was typed; sent again it replaces them, and nothing is contested."""
    form = form_of(browser.get(f"{PAGE}/close").text) | {"letters": "12"}
    other = house.sign_in("coordinator", "moscow")
    other.post(f"{PAGE}/close", data=form_of(other.get(f"{PAGE}/close").text) | {"letters": "15"})
    overtaken = browser.post(f"{PAGE}/close", data=form, headers={"Accept-Language": "en"})
    assert overtaken.status_code == 409
    assert "letters&nbsp;— 15" in overtaken.text
    assert 'value="12"' in overtaken.text
    assert browser.post(f"{PAGE}/close", data=form_of(overtaken.text)).status_code == 303
    page = browser.get(PAGE, headers={"Accept-Language": "en"}).text
    assert "+3" in page
    assert "conflicts about this evening" not in page


@pytest.mark.parametrize("text", ["-1", "1.5", "1000001", "9" * 5000, "many"])
def test_declared_numbers_are_whole(browser: Any, text: str) -> None:
    """Anything else is refused beside its field."""
    answer = browser.post(f"{PAGE}/close", data=form_of(browser.get(f"{PAGE}/close").text) | {"heads": text})
    assert answer.status_code == 400
    assert f'value="{text}"' in answer.text


def test_letters_are_marked_as_sent(house: House, browser: Any) -> None:
    """The dispatch is in the totals when its page appears; a form sent twice counts once."""
    form = form_of(browser.get(f"{PAGE}/sent").text) | {"on": "2026-03-06", "count": "7"}
    for _ in range(2):
        assert browser.post(f"{PAGE}/sent", data=form).status_code == 303
    assert re.search(r'class="count">7<', browser.get(PAGE).text)
    assert (
        browser.post(f"{PAGE}/sent", data=form | {"new": "01KFW0000000000000000000D1", "count": ""}).status_code == 400
    )


def test_an_evening_is_cancelled_and_its_counts_stay(house: House, browser: Any) -> None:
    """Cancelling is a change of its state, told in the history with its maker."""
    assert browser.post(f"{PAGE}/cancel").status_code == 303
    page = browser.get(PAGE, headers={"Accept-Language": "en"}).text
    assert "cancelled" in page
    assert "Evening cancelled" in page
    assert stored(house)["edited"].keys() == {"status"}
    assert re.search(r'class="count">9<', page)


def test_conflicting_values_are_chosen_between(house: House, browser: Any) -> None:
    """The losing value can be put back; the queue is then empty, and phones get the choice as an ordinary edit."""
    phone = house.join("coordinator", "moscow")
    lost = {"field": "title", "value": '"The other title"', "rev": "2-abc"}
    phone.write({**stored(house), "overruled": [lost, {**lost, "field": "place", "value": '"Elsewhere"'}]})
    house.settle()
    page = browser.get("/dashboard/conflicts").text
    assert "The other title" in page
    answer = browser.post(
        f"/dashboard/conflicts/{EVENT['_id']}", data={"pick title 2-abc": "lost", "pick place 2-abc": "holds"}
    )
    assert answer.status_code == 303
    body = stored(house)
    assert (body["title"], body["place"]) == ("The other title", EVENT["place"])
    assert "overruled" not in body
    assert "The other title" not in browser.get("/dashboard/conflicts").text


def test_competing_closings_are_chosen_between(house: House, browser: Any) -> None:
    """Each says who declared it; the chosen numbers stand, and nothing is contested any more."""
    phone = house.join("coordinator", "moscow", pseudonym="Quiet lighthouse")
    ids = [f"closing:{ULID}:01KFW0000000000000000000C{n}" for n in (1, 2)]
    for doc_id, letters in zip(ids, (20, 30), strict=True):
        phone.write(
            {"_id": doc_id, "type": "closing", "schema": 1, "event": EVENT["_id"], "chapter": "moscow",
             "device": phone.id, "basis": "tally", "letters": letters}
        )  # fmt: skip
    house.settle()
    queue = browser.get("/dashboard/conflicts").text
    assert "<b>30</b>" in queue
    assert queue.count("Quiet lighthouse") == 2
    address = f"/dashboard/conflicts/{EVENT['_id']}/closing"
    browser.post(address, data={"rival": ids[:1], "closing": ids[1]})  # somebody who saw only one of them
    assert "<b>30</b>" in browser.get("/dashboard/conflicts").text
    assert browser.post(address, data={"rival": ids, "closing": ids[1]}).status_code == 303
    assert "<b>30</b>" not in browser.get("/dashboard/conflicts").text
    assert "+21" in browser.get(PAGE).text


@pytest.mark.parametrize("path", ["edit", "close", "sent", "cancel"])
def test_only_coordinators_of_the_chapter_change_its_evenings(house: House, browser: Any, path: str) -> None:
    """Another chapter's coordinator, a national one, a volunteer, and a form on another site are refused; nobody: 401."""
    for role, chapters in (("coordinator", ["tver"]), ("national", [])):
        assert house.sign_in(role, *chapters).post(f"{PAGE}/{path}", data={"title": "x"}).status_code == 403
    assert house.join("volunteer", "moscow").post(f"{PAGE}/{path}", data={}).status_code == 403
    other_site = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post(f"{PAGE}/{path}", data={"title": "x"}, headers=other_site).status_code == 403
    house.client.cookies.clear()
    assert house.client.post(f"{PAGE}/{path}", data={}).status_code == 401
    assert stored(house)["status"] == "open"


def test_a_refused_record_waits_for_a_look(house: House, browser: Any) -> None:
    """What a volunteer's phone may not write is listed for its coordinators, by pseudonym, without its contents."""
    volunteer = house.join("volunteer", "moscow", pseudonym="Quiet Owl")
    doc_id = f"dispatch:{ULID}:01KFW0000000000000000000D1"
    refused = volunteer.put(
        f"/db/chapter-moscow/{doc_id}",
        json={"type": "dispatch", "schema": 1, "event": EVENT["_id"], "chapter": "moscow", "device": volunteer.id,
              "on": "2026-03-06", "count": 3, "method": "post", "note": "a secret"},
    )  # fmt: skip
    assert refused.status_code == 403
    page = browser.get("/dashboard/refused").text
    assert "Quiet Owl" in page
    assert doc_id in page
    assert "a secret" not in page
    assert doc_id not in house.sign_in("coordinator", "tver").get("/dashboard/refused").text
    form = {"device": volunteer.id, "database": "chapter-moscow", "document": doc_id}
    house.sign_in("coordinator", "tver").post("/dashboard/refused", data=form)
    assert doc_id in browser.get("/dashboard/refused").text
    assert browser.post("/dashboard/refused", data={**form, "document": "nothing of the kind"}).status_code == 303
    assert browser.post("/dashboard/refused", data=form).status_code == 303
    assert doc_id not in browser.get("/dashboard/refused").text
    seen = [act.subject for act in house.call(house.context.audit.acts) if act.act == "refusal-seen"]
    assert seen == [doc_id], "the log tells of what there was"
