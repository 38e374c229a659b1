"""Devices let in for a while, sessions seen and ended, a laptop signed in by a phone, passkeys' doors, the log of it all."""

import datetime as dt
import re

import pytest
from starlette.testclient import TestClient

from server.auth.sessions import WAITING_SECONDS
from server.domain.identifiers import new_ulid
from tests.protocol.server.house import OWN_PAGE, House


def browser_of(house: House) -> TestClient:
    """A browser that is not signed in."""
    browser = TestClient(house.client.app, headers=OWN_PAGE, follow_redirects=False)
    browser.app_state.update(house.client.app_state)
    browser.portal = house.client.portal
    return browser


def shown_id(page: str) -> str:
    """The id behind the code of a sign-in page: it ends with the letters that are shown, and its cookie says the same."""
    [letters] = re.findall(r'class="letters">([0-9A-Z]{4})<', page)
    return str(letters)


def waiting_id(house: House, browser: TestClient) -> str:
    """What a phone reads off the browser's screen."""
    page = browser.get("/dashboard/sign-in/phone")
    assert page.status_code == 200
    cookie = browser.cookies["otkrytka-waiting"]
    name = house.context.sessions.waiting(cookie)
    assert name.endswith(shown_id(page.text))
    return name


def sessions_in(page: str) -> list[str]:
    return re.findall(r"/dashboard/sessions/([0-9A-Z]{26})/end", page)


class TestStanding:
    def test_a_suspended_device_is_refused_until_it_is_let_in_again(self, house: House) -> None:
        """Its requests are 401 with a reason that is no revocation; afterwards everything is as before."""
        phone = house.join("volunteer", "moscow")
        coordinator = house.sign_in("coordinator", "moscow")
        where = f"/dashboard/devices/{phone.id}/standing"
        assert coordinator.post(where, data={"suspend": "yes"}).status_code == 303
        refused = phone.get("/db/register/_all_docs")
        assert (refused.status_code, "suspended" in refused.json()["reason"]) == (401, True)
        assert phone.get("/api/farewell").status_code == 404
        assert "Suspended" in coordinator.get("/dashboard/devices?lang=en").text
        assert coordinator.post(where, data={"suspend": "no"}).status_code == 303
        assert phone.get("/db/register/_all_docs").status_code == 200

    def test_a_device_whose_time_is_over_is_refused_until_it_is_extended(self, house: House) -> None:
        """A term is counted from the day it is set."""
        phone, national = house.join("volunteer", "moscow"), house.join("national")
        identity = house.call(house.context.devices.identify, national.id)
        over = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
        house.call(house.context.devices.set_standing, phone.id, identity, suspended=False, until=over)
        assert phone.get("/db/register/_all_docs").status_code == 401
        page = house.sign_in("national")
        assert page.post(f"/dashboard/devices/{phone.id}/standing", data={"days": "30"}).status_code == 303
        assert phone.get("/db/register/_all_docs").status_code == 200

    @pytest.mark.parametrize("form", [{}, {"days": "-1"}, {"days": "31"}, {"days": "x" * 500}])
    def test_another_term_is_refused(self, house: House, form: dict[str, str]) -> None:
        """400, and nothing changes."""
        phone = house.join("volunteer", "moscow")
        coordinator = house.sign_in("coordinator", "moscow")
        assert coordinator.post(f"/dashboard/devices/{phone.id}/standing", data=form).status_code == 400
        assert phone.get("/db/register/_all_docs").status_code == 200

    def test_only_who_answers_for_a_device_may_suspend_it(self, house: House) -> None:
        """403 for another chapter's coordinator and for a page of another site, 404 for nobody's device."""
        phone = house.join("volunteer", "moscow")
        stranger, own = house.sign_in("coordinator", "tver"), house.sign_in("coordinator", "moscow")
        where = f"/dashboard/devices/{phone.id}/standing"
        assert stranger.post(where, data={"suspend": "yes"}).status_code == 403
        assert own.post(where, data={"suspend": "yes"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert own.post(f"/dashboard/devices/{new_ulid()}/standing", data={"suspend": "yes"}).status_code == 404
        assert phone.get("/db/register/_all_docs").status_code == 200

    @pytest.mark.parametrize("form", [{"suspend": "no"}, {"suspend": "yes"}, {"days": "30"}, {}])
    def test_a_revoked_device_is_not_changed_and_the_page_says_so(self, house: House, form: dict[str, str]) -> None:
        """A form that was open when somebody revoked the device: 409, the reason in words, and no act that did not happen."""
        phone = house.join("volunteer", "moscow")
        coordinator = house.sign_in("coordinator", "moscow")
        assert coordinator.post(f"/dashboard/devices/{phone.id}/revoke").status_code == 303
        where = f"/dashboard/devices/{phone.id}/{'standing' if form else 'revoke'}"
        for language, words in (("en", "can’t be let in again"), ("ru", "снова пустить или изменить его нельзя")):
            refused = coordinator.post(f"{where}?lang={language}", data=form)
            assert (refused.status_code, words in refused.text) == (409, True)
        assert phone.get("/db/register/_all_docs").status_code == 401
        acts = house.call(house.context.audit.acts, phone.id)
        assert [act.act for act in acts] == ["device-revoked"]


class TestSessions:
    def test_a_session_that_is_ended_is_refused_at_once(self, house: House) -> None:
        """Whoever answers for the device sees its session and ends it; the browser has to sign in again."""
        lost, national = house.sign_in("coordinator", "moscow"), house.sign_in("national")
        [mine, *_] = sessions_in(lost.get("/dashboard/sessions").text)
        assert mine in sessions_in(national.get("/dashboard/sessions").text)
        assert national.post(f"/dashboard/sessions/{mine}/end").status_code == 303
        assert lost.get("/dashboard/sessions").status_code == 401
        assert mine not in sessions_in(national.get("/dashboard/sessions").text)
        assert national.get("/dashboard").status_code == 200

    def test_nobody_sees_or_ends_the_sessions_of_others(self, house: House) -> None:
        """A coordinator knows its own sessions only; 403 for the rest."""
        national, coordinator = house.sign_in("national"), house.sign_in("coordinator", "moscow")
        [theirs] = [
            one
            for one in sessions_in(national.get("/dashboard/sessions").text)
            if one not in sessions_in(coordinator.get("/dashboard/sessions").text)
        ]
        assert coordinator.post(f"/dashboard/sessions/{theirs}/end").status_code == 403
        assert national.get("/dashboard").status_code == 200

    def test_signing_out_ends_the_session_even_where_its_cookie_was_copied(self, house: House) -> None:
        browser = house.sign_in("national")
        copied = dict(browser.cookies)
        assert browser.post("/dashboard/sign-out").status_code == 303
        thief = browser_of(house)
        thief.cookies.update(copied)
        assert thief.get("/dashboard").status_code == 401


class TestByPhone:
    def test_a_laptop_is_signed_in_by_a_phone(self, house: House) -> None:
        """The browser waits, a coordinator's phone vouches for it, and the browser is the phone's device from then on."""
        laptop, phone = browser_of(house), house.join("coordinator", "moscow", pseudonym="Quiet lighthouse")
        name = waiting_id(house, laptop)
        assert laptop.get("/dashboard/sign-in/phone/word").json() == {"vouched": False}
        assert laptop.post("/dashboard/sign-in/phone").status_code == 401
        assert phone.post("/api/sign-ins", json={"browser": name}).status_code == 201
        assert laptop.get("/dashboard/sign-in/phone/word").json() == {"vouched": True}
        assert laptop.post("/dashboard/sign-in/phone").status_code == 303
        assert "Quiet lighthouse" in laptop.get("/dashboard/chapters/moscow").text

    def test_one_word_opens_one_session(self, house: House) -> None:
        """The waiting browser's cookie is good once, and a second phone is told that it comes too late."""
        laptop, phone = browser_of(house), house.join("coordinator", "moscow")
        name = waiting_id(house, laptop)
        copied = dict(laptop.cookies)
        phone.post("/api/sign-ins", json={"browser": name})
        other = house.join("national")
        assert other.post("/api/sign-ins", json={"browser": name}).status_code == 409
        assert laptop.post("/dashboard/sign-in/phone").status_code == 303
        [session] = sessions_in(laptop.get("/dashboard/sessions").text)
        assert laptop.post(f"/dashboard/sessions/{session}/end").status_code == 303
        again = browser_of(house)
        again.cookies.update(copied)
        assert again.post("/dashboard/sign-in/phone").status_code == 409

    def test_who_photographed_the_code_gets_nothing(self, house: House) -> None:
        """Without the cookie of the browser that showed it there is nothing to claim: 410, also for a forged one."""
        laptop, phone = browser_of(house), house.join("coordinator", "moscow")
        phone.post("/api/sign-ins", json={"browser": waiting_id(house, laptop)})
        for cookies in ({}, {"otkrytka-waiting": "forged.by.me"}):
            thief = browser_of(house)
            thief.cookies.update(cookies)
            assert thief.post("/dashboard/sign-in/phone").status_code == 410
            assert thief.get("/dashboard").status_code == 401

    def test_a_volunteers_phone_signs_nobody_in(self, house: House) -> None:
        laptop, phone = browser_of(house), house.join("volunteer", "moscow")
        name = waiting_id(house, laptop)
        assert phone.post("/api/sign-ins", json={"browser": name}).status_code == 403
        assert laptop.get("/dashboard/sign-in/phone/word").json() == {"vouched": False}

    @pytest.mark.parametrize("minutes", [-60, 60])
    def test_a_code_of_another_hour_is_stale(self, house: House, minutes: int) -> None:
        """The id says when it was made."""
        phone = house.join("coordinator", "moscow")
        then = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)
        assert abs(minutes) * 60 > WAITING_SECONDS
        name = new_ulid(int(then.timestamp() * 1000))
        assert phone.post("/api/sign-ins", json={"browser": name}).status_code == 410
        assert phone.post("/api/sign-ins", json={"browser": "no id"}).status_code == 400


class TestPasskeyDoors:
    """A real authenticator is in `tests/e2e/dashboard/test_signing_in.py`; these are answers that none gave."""

    @pytest.mark.parametrize(
        "body", ["", "{}", "[]", "null", '{"id": "a", "rawId": "YQ", "type": "public-key"}', "\ud800"]
    )
    def test_what_no_authenticator_said_opens_nothing(self, house: House, body: str) -> None:
        """403 with a challenge, 410 without, whatever the body is; nobody is signed in."""
        browser = browser_of(house)
        raw = body.encode("utf-8", "surrogatepass")
        assert browser.post("/dashboard/sign-in/passkey", content=raw).status_code in (400, 410)
        assert browser.post("/dashboard/sign-in/passkey/options").status_code == 200
        assert browser.post("/dashboard/sign-in/passkey", content=raw).status_code in (400, 403)
        assert browser.get("/dashboard").status_code == 401
        mine = house.sign_in("national")
        assert mine.post("/dashboard/passkeys/options").status_code == 200
        assert mine.post("/dashboard/passkeys", content=raw).status_code in (400, 403)

    def test_an_answer_longer_than_any_is_not_read(self, house: House) -> None:
        browser = browser_of(house)
        browser.post("/dashboard/sign-in/passkey/options")
        assert browser.post("/dashboard/sign-in/passkey", content=b"x" * 100_000).status_code == 413

    def test_anothers_passkey_is_not_forgotten(self, house: House) -> None:
        assert house.sign_in("national").post("/dashboard/passkeys/abc/remove").status_code == 403


def test_many_invites_are_printed_at_once_and_each_lets_one_in(house: House) -> None:
    """As many as were asked for, within reason; every one is another."""
    coordinator = house.sign_in("coordinator", "moscow")
    form = {"role": "volunteer", "chapter": "moscow", "hours": "24"}
    page = coordinator.post("/dashboard/invites", data={**form, "many": "3"}).text
    links = re.findall(r"/join#([^<\s]+)", page)
    assert len(set(links)) == 3
    answers = [house.client.post("/api/join", json={"invite": one}).status_code for one in [*links, links[0]]]
    assert answers == [201, 201, 201, 409]
    for wish, count in (("1000", 1), ("31", 30), ("0", 1), ("no", 1)):
        made = coordinator.post("/dashboard/invites", data={**form, "many": wish}).text
        assert len(re.findall("/join#", made)) == count


def test_every_act_is_in_the_log_by_pseudonym(house: House) -> None:
    """National sees who did what; a coordinator sees what it did itself."""
    phone = house.join("volunteer", "moscow", pseudonym="Grey heron")
    coordinator, national = house.sign_in("coordinator", "moscow"), house.sign_in("national")
    coordinator.post("/dashboard/invites", data={"role": "volunteer", "chapter": "moscow", "hours": "24"})
    coordinator.post(f"/dashboard/devices/{phone.id}/standing", data={"suspend": "yes"})
    national.post(f"/dashboard/devices/{phone.id}/standing", data={"days": "90"})
    national.post(f"/dashboard/devices/{phone.id}/revoke", data={"forget": "yes"})
    own = coordinator.get("/dashboard/acts?lang=en").text
    everything = national.get("/dashboard/acts?lang=en").text
    for words in ("Invite made", "Device suspended", "Grey heron"):
        assert words in own
        assert words in everything
    for words in ("term changed", "to be wiped"):
        assert words not in own
        assert words in everything


def test_what_a_phone_still_holds_is_shown_until_it_holds_nothing(house: House) -> None:
    """A phone says it; the list of devices and the country's page show it, with the day since when."""
    phone, national = house.join("volunteer", "moscow"), house.sign_in("national")
    told = {"records": 3, "since": "2026-02-01T20:00:00+03:00"}
    assert phone.post("/api/waiting", json=told).status_code == 201
    assert "3 records still on the phone" in national.get("/dashboard/devices?lang=en").text
    for bad in ({"records": -1}, {"records": "3"}, {"since": None}, {"records": 1, "since": "yesterday"}):
        assert phone.post("/api/waiting", json=bad).status_code == 400
    assert phone.post("/api/waiting", json={"records": 0, "since": None}).status_code == 201
    assert "still on the phone" not in national.get("/dashboard/devices?lang=en").text
    assert house.client.post("/api/waiting", json=told).status_code == 401
