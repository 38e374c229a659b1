"""Becoming a hub of another server, with an invite made there."""

from pathlib import Path

import pytest

from server.auth.invites import invitation, join_link
from server.hub.membership import JoinRefused, join, membership
from server.settings import Settings
from tests.protocol.jobs.country import URL, Country

pytestmark = pytest.mark.anyio


def invite(country: Country, role: str) -> str:
    """The link of an invite for the chapter tver, made at national."""
    return join_link(URL, country.national.invites.sign(invitation(role, ["tver"], 1, ["moscow", "tver"])))


async def test_a_server_that_joined_knows_its_upstream(country: Country, tmp_path: Path) -> None:
    """The token and the chapters are kept for the nights to come."""
    settings = Settings(data=tmp_path / "another")
    joined = await join(settings, invite(country, "hub"), transport=country.between)
    kept = membership(settings)
    assert kept is not None
    assert (kept.url, kept.device, kept.chapters) == (URL, joined.device, ("tver",))
    assert kept.token.reveal() == joined.token.reveal() != ""


async def test_an_invite_for_another_role_leaves_a_server_as_it_was(country: Country, tmp_path: Path) -> None:
    """A volunteer's invite by mistake makes no hub of a server, whose nights would be refused ever after."""
    settings = Settings(data=tmp_path / "another")
    with pytest.raises(JoinRefused, match="role volunteer"):
        await join(settings, invite(country, "volunteer"), transport=country.between)
    assert membership(settings) is None
