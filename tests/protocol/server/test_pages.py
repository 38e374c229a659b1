"""The coordinators' pages: who sees which, what stands on them, and what they refuse."""

import re

import pytest
from starlette.routing import Route

from server import dashboards
from tests.protocol.server.house import EVENT, OWN_PAGE, House

CHAPTERS_OWN = (f"{EVENT['_id']}/edit", "/close", "/sent", "moscow/new")
"""Ends of the addresses where only a coordinator of the chapter may go."""
NO_PAGES = ("/dashboard/live", "/dashboard/register/table.csv", "/dashboard/sign-in/phone/word")
ANNA = "prisoner:01KFW000000000000000000P01"


def test_every_page_opens_in_both_languages(house: House) -> None:
    """Each GET page answers 200 to a coordinator, in the language that was asked for."""
    coordinator = house.join("coordinator", "moscow")
    coordinator.write({**EVENT, "device": coordinator.id})
    house.settle()
    browser, local = house.sign_in("national"), house.sign_in("coordinator", "moscow")
    names = {
        "chapter": "moscow",
        "event": EVENT["_id"],
        "prisoner": ANNA,
        "number:int": "0",
        "kind": "theme",
        "slug": "spring",
        "matter": "unclosed",
    }
    national = house.join("national")
    national.write(
        {"_id": ANNA, "type": "prisoner", "schema": 1, "name": {"en": "Anna"}, "status": "detained"}, "register"
    )
    national.write({"_id": "theme:spring", "type": "theme", "schema": 1, "name": {"en": "Spring"}}, "register")
    pages = [route for route in dashboards.ROUTES if isinstance(route, Route) and "GET" in (route.methods or ())]
    for route in pages:
        if route.path in NO_PAGES or route.path.endswith("{format}"):
            continue
        path = re.sub(r"{([^}]+)}", lambda name: names[name[1]], route.path)
        asking = local if path.endswith(CHAPTERS_OWN) else browser
        for language in ("ru", "en"):
            answer = asking.get(path, headers={"Accept-Language": language})
            assert answer.status_code == 200, path
            assert f'<html lang="{language}">' in answer.text
            assert answer.headers["cache-control"] == "no-store"


def test_the_language_is_kept_once_chosen(house: House) -> None:
    """`?lang=` outlives the request, and beats the browser's wish."""
    browser = house.sign_in("national")
    assert 'lang="en"' in browser.get("/dashboard?lang=en", headers={"Accept-Language": "ru"}).text
    assert '<html lang="en">' in browser.get("/dashboard", headers={"Accept-Language": "ru"}).text


def test_the_pages_show_what_was_counted(house: House) -> None:
    """Country, chapter and event page show the same tally, and the event page the device by its pseudonym."""
    coordinator = house.join("coordinator", "moscow")
    coordinator.write({**EVENT, "device": coordinator.id})
    volunteer = house.join("volunteer", "moscow", pseudonym="Quiet Owl")
    volunteer.write(volunteer.sheet(heads=41, letters={ANNA: 1234}))
    house.settle()
    browser = house.sign_in("national")
    for path in ("/dashboard", "/dashboard/chapters/moscow", f"/dashboard/events/{EVENT['_id']}"):
        text = browser.get(path, headers={"Accept-Language": "en"}).text
        assert re.search(r'class="count">1,234<', text)
        assert re.search(r'class="count">41<', text)
        assert "Provisional" in text
    assert "Quiet Owl" in text


def test_a_chapters_page_is_about_a_time_and_shows_its_course(house: House) -> None:
    """Its months, seasons and years are a link away as the country's are; the chart has its numbers as a table."""
    coordinator = house.join("coordinator", "moscow")
    coordinator.write({**EVENT, "device": coordinator.id})
    coordinator.write(coordinator.sheet(heads=41, letters={ANNA: 1234}))
    house.settle()
    browser, path = house.sign_in("coordinator", "moscow"), "/dashboard/chapters/moscow"
    text = browser.get(f"{path}?month=2026-03", headers={"Accept-Language": "en"}).text
    assert "March 2026" in text
    assert f'href="{path}?month=2026-02"' in text
    assert re.search(r'<th scope="row">2–8 Mar 2026</th><td class="n">1,234</td>', text)
    text = browser.get(f"{path}?month=2026-02", headers={"Accept-Language": "en"}).text
    assert "1,234" not in text


def test_a_closing_is_shown_beside_the_tally(house: House) -> None:
    """Declared and tallied both stand on the event's page where they differ, with the difference."""
    coordinator = house.join("coordinator", "moscow")
    coordinator.write({**EVENT, "device": coordinator.id})
    coordinator.write(coordinator.sheet(heads=40, letters={ANNA: 9}))
    coordinator.write(coordinator.closing(basis="recount", letters=12, note="<b>two more</b> found"))
    house.settle()
    text = (
        house.sign_in("coordinator", "moscow")
        .get(f"/dashboard/events/{EVENT['_id']}", headers={"Accept-Language": "en"})
        .text
    )
    assert "Closed by a recount" in text
    assert re.search(r'id="when".* · closed</p>', text), "the evening's document still says that it is open"
    assert "+3" in text
    assert "&lt;b&gt;two more" in text
    assert "<b>two more" not in text


def test_a_coordinator_sees_its_own_chapter_only(house: House) -> None:
    """Another chapter's page, and its events, answer 403 with a page that says so; one's own is where `/dashboard` leads."""
    browser = house.sign_in("coordinator", "tver")
    coordinator = house.join("coordinator", "moscow")
    coordinator.write({**EVENT, "device": coordinator.id})
    house.settle()
    assert browser.get("/dashboard").headers["location"] == "/dashboard/chapters/tver"
    for path in ("/dashboard/chapters/moscow", f"/dashboard/events/{EVENT['_id']}"):
        refused = browser.get(path)
        assert refused.status_code == 403
        assert refused.headers["content-type"].startswith("text/html")
        assert "An evening" not in refused.text


def test_whoever_is_not_signed_in_is_shown_the_sign_in_page(house: House) -> None:
    """401 with the form; a volunteer's token opens no page."""
    answer = house.client.get("/dashboard")
    assert answer.status_code == 401
    assert 'action="/dashboard/sign-in"' in answer.text
    assert house.join("volunteer", "moscow").get("/dashboard").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/dashboard/nowhere", "/dashboard/chapters/nowhere", "/dashboard/events/event:x", "/dashboard/chapters/A%20B"],
)
def test_what_is_not_there_is_said_in_a_page(house: House, path: str) -> None:
    """404 in the language of the reader."""
    answer = house.sign_in("national").get(path, headers={"Accept-Language": "ru"})
    assert answer.status_code == 404
    assert "Такой страницы нет" in answer.text


def test_looking_at_a_sign_in_link_uses_nothing_up(house: House) -> None:
    """A preview that fetches the page (it never gets the fragment) leaves the invite good; the button uses it."""
    invite = house.invite("coordinator", "moscow")
    for _ in range(3):
        assert house.client.get("/dashboard/sign-in").status_code == 200
    answer = house.client.post(
        "/dashboard/sign-in",
        data={"invite": f"http://testserver/dashboard/sign-in#{invite}", "pseudonym": "Fox"},
        headers=OWN_PAGE,
        follow_redirects=False,
    )
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize(
    ("invite", "status", "words"),
    [
        ("nonsense", 400, "can’t be read"),
        ("", 400, "can’t be read"),
        ("used", 409, "has been used"),
        ("late", 410, "expired"),
    ],
)
def test_a_bad_invite_is_explained(house: House, invite: str, status: int, words: str) -> None:
    """The form comes back with what is wrong, and no session."""
    if invite == "used":
        invite = house.invite("national")
        house.client.post("/api/join", json={"invite": invite})
    if invite == "late":
        invite = house.invite("national", hours=1e-9)
    answer = house.client.post(
        "/dashboard/sign-in", data={"invite": invite}, headers={**OWN_PAGE, "Accept-Language": "en"}
    )
    assert answer.status_code == status
    assert words in answer.text
    assert "set-cookie" not in answer.headers


def test_a_volunteers_invite_signs_nobody_in_and_stays_good(house: House) -> None:
    """It is for a phone; saying so must not use it up."""
    invite = house.invite("volunteer", "moscow")
    assert house.client.post("/dashboard/sign-in", data={"invite": invite}, headers=OWN_PAGE).status_code == 403
    assert house.client.post("/api/join", json={"invite": invite}).status_code == 201


def test_signing_out_ends_the_session(house: House) -> None:
    """The cookie is taken back."""
    browser = house.sign_in("national")
    assert browser.post("/dashboard/sign-out").status_code == 303
    assert browser.get("/dashboard").status_code == 401


def test_a_coordinators_phone_opens_a_session_with_its_token(house: House) -> None:
    """`POST /dashboard/session` with a bearer token gives the browser a cookie; volunteers get none."""
    coordinator = house.join("coordinator", "moscow")
    answer = coordinator.post("/dashboard/session")
    assert (answer.status_code, "set-cookie" in answer.headers) == (204, True)
    house.client.cookies.clear()
    assert house.join("volunteer", "moscow").post("/dashboard/session").status_code == 403


def test_an_invite_made_on_the_page_works_and_is_shown_once(house: House) -> None:
    """The page holds the link and its QR code; the invite lets a volunteer in."""
    browser = house.sign_in("coordinator", "moscow")
    made = browser.post("/dashboard/invites", data={"role": "volunteer", "chapter": "moscow", "hours": "2"})
    assert made.status_code == 200
    assert "<svg" in made.text
    invite = re.search(r"/join#([\w.-]+)", made.text)
    assert invite is not None
    assert house.client.post("/api/join", json={"invite": invite[1]}).json()["role"] == "volunteer"
    assert invite[1] not in browser.get("/dashboard/devices").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"role": "coordinator", "chapter": "moscow"}, 403),
        ({"role": "national"}, 403),
        ({"role": "volunteer", "chapter": "tver"}, 403),
        ({"role": "volunteer"}, 400),
        ({"role": "king", "chapter": "moscow"}, 400),
        ({"role": "volunteer", "chapter": "moscow", "hours": "soon"}, 400),
        ({"role": "volunteer", "chapter": "moscow", "hours": "9999"}, 400),
    ],
)
def test_coordinators_invite_volunteers_of_their_chapters(house: House, form: dict[str, str], status: int) -> None:
    """Everything else is refused, in a page."""
    assert house.sign_in("coordinator", "moscow").post("/dashboard/invites", data=form).status_code == status


def test_a_coordinator_revokes_its_own_volunteers_only(house: House) -> None:
    """Another chapter's volunteer, and a fellow coordinator, are out of reach; national reaches everybody."""
    browser = house.sign_in("coordinator", "moscow")
    others = [house.join("volunteer", "tver"), house.join("coordinator", "moscow")]
    for device in others:
        assert browser.post(f"/dashboard/devices/{device.id}/revoke").status_code == 403
        assert device.get("/db/register").status_code == 200
    national = house.sign_in("national")
    for device in others:
        assert national.post(f"/dashboard/devices/{device.id}/revoke").status_code == 303
        assert device.get("/db/register").status_code == 401
    assert national.post("/dashboard/devices/x/revoke").status_code == 404


def test_what_lost_is_shown_until_a_coordinator_has_seen_it(house: House) -> None:
    """Two edits at once: the loser stands in the queue with the value that holds, and goes when somebody has seen it."""
    coordinator = house.join("coordinator", "moscow")
    base = {**EVENT, "device": coordinator.id}
    rev = coordinator.write(base)
    number, _, ident = rev.partition("-")
    edits = [("The winner", "2026-03-01T10:00:00Z", "b"), ("The loser", "2026-03-01T09:00:00Z", "a")]
    docs = [
        {
            **base,
            "title": title,
            "edited": {"title": at},
            "_rev": f"{int(number) + 1}-{digit * 32}",
            "_revisions": {"start": int(number) + 1, "ids": [digit * 32, ident]},
        }
        for title, at, digit in edits
    ]
    assert coordinator.post("/db/chapter-moscow/_bulk_docs", json={"docs": docs, "new_edits": False}).status_code == 201
    house.settle()
    browser = house.sign_in("coordinator", "moscow")
    page = browser.get("/dashboard/conflicts").text
    assert "The winner" in page
    assert "The loser" in page
    pick = re.findall(r'name="(pick [^"]+)"', page)[0]
    assert browser.post(f"/dashboard/conflicts/{EVENT['_id']}", data={pick: "holds"}).status_code == 303
    assert "The loser" not in browser.get("/dashboard/conflicts").text
    assert coordinator.get(f"/db/chapter-moscow/{EVENT['_id']}").json()["title"] == "The winner"


def test_static_files_are_there(house: House) -> None:
    """Whatever a page names under static/ is served."""
    page = house.client.get("/dashboard/sign-in").text
    for address in re.findall(r'"(/dashboard/static/[^"]+)"', page):
        assert house.client.get(address).status_code == 200
