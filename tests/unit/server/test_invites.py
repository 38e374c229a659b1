"""Invites say what was signed, and nothing else is believed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.auth.errors import AuthError, ExpiredInvite, ForgedInvite, MalformedJoin
from server.auth.invites import LONGEST_HOURS, Invites, invitation, join_link, sign_in_link
from server.settings import Secret

CHAPTERS = ["moscow", "tver"]
INVITES = Invites(Secret("k" * 32))


@pytest.mark.parametrize(
    ("role", "chapters"),
    [("volunteer", ["moscow"]), ("coordinator", ["moscow", "tver"]), ("hub", ["tver"]), ("national", [])],
)
def test_what_is_read_is_what_was_signed(role: str, chapters: list[str]) -> None:
    """Role, chapters, id and time survive the way through a link."""
    invited = invitation(role, chapters, 5, CHAPTERS)
    assert INVITES.read(INVITES.sign(invited)) == invited
    assert invited.expires - dt.datetime.now(dt.UTC) <= dt.timedelta(hours=5)


def test_an_invite_for_many_chapters_is_read_too() -> None:
    """A long list is compressed on the way, and is the same list afterwards."""
    many = [f"chapter-number-{number}" for number in range(40)]
    invited = invitation("hub", many, 5, many)
    assert INVITES.read(INVITES.sign(invited)) == invited


@pytest.mark.parametrize(
    ("role", "chapters", "hours", "field"),
    [
        ("king", ["moscow"], 1, "role"),
        ("server", ["moscow"], 1, "role"),
        ("volunteer", [], 1, "chapter"),
        ("coordinator", [], 1, "chapter"),
        ("hub", [], 1, "chapter"),
        ("volunteer", ["atlantis"], 1, "chapter"),
        ("national", ["moscow"], 1, "chapter"),
        ("volunteer", ["moscow"], 0, "hours"),
        ("volunteer", ["moscow"], LONGEST_HOURS + 1, "hours"),
        ("volunteer", ["moscow"], float("nan"), "hours"),
    ],
)
def test_an_invitation_that_cannot_be_names_the_field(role: str, chapters: list[str], hours: float, field: str) -> None:
    """A wrong role, chapter or time is refused before anything is signed."""
    with pytest.raises(MalformedJoin) as caught:
        invitation(role, chapters, hours, CHAPTERS)
    assert caught.value.field == field


def test_an_expired_invite_is_told_from_a_forged_one() -> None:
    """The reader learns which it is."""
    with pytest.raises(ExpiredInvite):
        INVITES.read(INVITES.sign(invitation("national", [], 1e-9, [])))
    with pytest.raises(ForgedInvite):
        INVITES.read(Invites(Secret("z" * 32)).sign(invitation("national", [], 1, [])))


@given(st.text(max_size=200))
def test_no_text_gets_in(text: str) -> None:
    """Whatever is not signed is refused with an error of ours."""
    with pytest.raises(AuthError):
        INVITES.read(text)


def test_changing_a_character_breaks_the_signature() -> None:
    """Each character of an invite counts (but the last, of whose bits some are padding)."""
    invite = INVITES.sign(invitation("volunteer", ["moscow"], 1, CHAPTERS))
    for place in range(len(invite) - 1):
        other = "A" if invite[place] != "A" else "B"
        with pytest.raises((ForgedInvite, MalformedJoin)):
            INVITES.read(invite[:place] + other + invite[place + 1 :])


def test_links_carry_the_invite_in_the_fragment() -> None:
    """What stands behind the # never reaches a server, a log or a preview."""
    assert join_link("https://x.example", "i.s") == "https://x.example/join#i.s"
    assert sign_in_link("https://x.example", "i.s") == "https://x.example/dashboard/sign-in#i.s"
