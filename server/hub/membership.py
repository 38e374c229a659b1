"""The hub's token and chapters, as upstream gave them, kept in `upstream.json` of the data folder (mode 0600)."""

from urllib.parse import urlsplit

import httpx2
import msgspec

from server.files import write_whole
from server.settings import Secret, Settings, WrongSetting, private_url

_FILE = "upstream.json"
_TIMEOUT = 30.0


class JoinRefused(Exception):
    """Upstream did not let us in. The text is a sentence for the operator."""


class _Kept(msgspec.Struct):
    url: str
    token: str = ""
    device: str = ""
    chapters: tuple[str, ...] = ()


class Membership(msgspec.Struct, frozen=True):
    """Where upstream is and who we are there. `chapters` are those it last said are ours; `device` is "" until it said so."""

    url: str
    token: Secret
    device: str = ""
    chapters: tuple[str, ...] = ()


class Me(msgspec.Struct, frozen=True):
    """What upstream says of a device (`GET /api/device`, and `POST /api/join` with a token)."""

    device: str
    role: str
    chapters: tuple[str, ...]
    token: str = ""


def membership(settings: Settings) -> Membership | None:
    """Where this server reports to; None for one without an upstream. Raises WrongSetting when there is no token for it."""
    kept = _read(settings)
    url = settings.upstream or (kept.url if kept else None)
    if url is None:
        return None
    ours = kept if kept is not None and kept.url == url else _Kept(url)
    token = settings.upstream_token or (Secret(ours.token) if ours.token else None)
    if token is None:
        raise WrongSetting(
            "OTKRYTKA_UPSTREAM_TOKEN",
            f"there is no token for {url}; run `otkrytka hub join` with an invite made there for the role hub.",
        )
    return Membership(url, token, ours.device, ours.chapters)


async def join(settings: Settings, link: str, *, transport: httpx2.AsyncBaseTransport | None = None) -> Membership:
    """Uses an invite of upstream's and keeps the token. Raises JoinRefused, WrongSetting. `transport` is given by tests."""
    parts = urlsplit(link)
    if not parts.fragment:
        raise JoinRefused("that is not an invite; give the whole link, with what follows the #.")
    url = private_url("the invite", f"{parts.scheme}://{parts.netloc}")
    if settings.upstream not in (None, url):
        raise WrongSetting("OTKRYTKA_UPSTREAM", f"it names {settings.upstream}, but the invite was made at {url}.")
    async with httpx2.AsyncClient(timeout=_TIMEOUT, transport=transport) as client:
        try:
            answer = await client.post(f"{url}/api/join", json={"invite": parts.fragment})
        except httpx2.RequestError as error:  # no answer, or one that can't be unpacked
            raise JoinRefused(f"{url} did not answer ({type(error).__name__}).") from None
    if answer.status_code != httpx2.codes.CREATED:
        raise JoinRefused(f"{url} refused the invite: {_reason(answer.content)}")
    try:
        joined = msgspec.json.decode(answer.content, type=Me)
    except msgspec.DecodeError:
        raise JoinRefused(f"what answers at {url} is not Otkrytka.") from None
    if joined.role != "hub":
        raise JoinRefused(f"the invite was for the role {joined.role}; a hub needs one made with `--role hub`.")
    _write(settings, _Kept(url, joined.token, joined.device, joined.chapters))
    return Membership(url, Secret(joined.token), joined.device, joined.chapters)


def remember(settings: Settings, member: Membership, me: Me) -> Membership:
    """Keeps what upstream now says of us; chapters may have been added or taken away."""
    current = msgspec.structs.replace(member, device=me.device, chapters=me.chapters)
    if current != member:
        kept = _read(settings)
        token = kept.token if kept is not None and kept.url == member.url else ""
        _write(settings, _Kept(member.url, token, me.device, me.chapters))
    return current


def _read(settings: Settings) -> _Kept | None:
    try:
        return msgspec.json.decode((settings.data / _FILE).read_bytes(), type=_Kept)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        raise WrongSetting("OTKRYTKA_UPSTREAM", f"{settings.data / _FILE} is damaged; join again.") from None


def _write(settings: Settings, kept: _Kept) -> None:
    write_whole(settings.data / _FILE, msgspec.json.encode(kept))


class _Refusal(msgspec.Struct):
    reason: str = ""


def _reason(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Refusal).reason or "no reason was given."
    except msgspec.DecodeError:
        return "no reason was given."
