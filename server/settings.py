"""The settings: read once from the environment, checked, and frozen.

`SETTINGS` is the one list of them; `otkrytka settings` prints it and the README's table is tested against it. A value that is
wrong, and a name nobody reads, stop the start with a sentence that names the setting.
"""

import datetime as dt
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from pyrage import RecipientError, x25519

PREFIX = "OTKRYTKA_"
_OF_TESTS = "OTKRYTKA_TEST_"
_SHORTEST_SECRET = 32


class WrongSetting(Exception):
    """A setting that can't be used. `name` is the environment variable; the text is a sentence for the operator."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name


class Secret:
    """A text that does not print: not in logs, not in tracebacks, not in `repr`. `reveal()` is the one way to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Secret(…)"

    def reveal(self) -> str:
        """The text itself, for the place that signs or sends it."""
        return self._text


@dataclass(frozen=True)
class Setting:
    """One line of the list: its variable, what it means, and what holds when it is not set."""

    name: str
    meaning: str
    default: str
    secret: bool = False


_PATIENCE = dt.timedelta(minutes=10)
_BACKUPS_KEEP = (7, 5, 12)

SETTINGS = (
    Setting("OTKRYTKA_DATA", "Folder that holds everything: databases, projection, secret.", "data"),
    Setting(
        "OTKRYTKA_STORE",
        "Where the databases live: `sqlite` for one file each in the data folder, or an Apache CouchDB as "
        "`couchdb+https://user:password@host:port` (`couchdb+http://` within a trusted network).",
        "sqlite",
    ),
    Setting(
        "OTKRYTKA_SECRET",
        f"Signs invites and tokens; at least {_SHORTEST_SECRET} characters. Changing it ends every enrolment.",
        "made at the first start, kept in `secret` in the data folder",
        secret=True,
    ),
    Setting(
        "OTKRYTKA_PUBLIC_URL",
        "Address under which phones and browsers reach this server; invites and links begin with it.",
        "where the server last listened, else http://127.0.0.1:8000",
    ),
    Setting(
        "OTKRYTKA_MIRRORS",
        "Further addresses of this same server, separated by spaces; phones try them in turn where they can't reach "
        "the public one.",
        "none",
    ),
    Setting(
        "OTKRYTKA_UPSTREAM",
        "Address of the server this one reports to; with it, this server is a hub. https, unless the way there is private.",
        "the one `otkrytka hub join` joined, else none",
    ),
    Setting(
        "OTKRYTKA_UPSTREAM_TOKEN",
        "The hub's token at the upstream server.",
        "the one `otkrytka hub join` was given, kept in the data folder",
        secret=True,
    ),
    Setting(
        "OTKRYTKA_UPSTREAM_LIVE",
        "`1`: the running server replicates with upstream all the time, not only at night.",
        "0",
    ),
    Setting(
        "OTKRYTKA_UPSTREAM_REPLICATOR",
        "`1`: the nightly job hands the copying to the replicator of the CouchDB that OTKRYTKA_STORE names, and supervises it.",
        "0",
    ),
    Setting(
        "OTKRYTKA_NIGHTLY",
        "When the running server starts the nightly job, as HH:MM of the machine's clock; unset where a timer or cron does.",
        "never",
    ),
    Setting(
        "OTKRYTKA_PATIENCE",
        "Minutes after which a part of the nightly job that makes no progress is stopped and reported.",
        f"{_PATIENCE / dt.timedelta(minutes=1):g}",
    ),
    Setting("OTKRYTKA_BACKUPS", "Folder of the backups.", "`backups` in the data folder"),
    Setting(
        "OTKRYTKA_BACKUPS_KEEP",
        "How many daily, weekly and monthly backups are kept.",
        " ".join(map(str, _BACKUPS_KEEP)),
    ),
    Setting(
        "OTKRYTKA_BACKUPS_KEY",
        "An age public key (`age1…`) to encrypt backups to. Without one they are not encrypted.",
        "none",
    ),
)


@dataclass(frozen=True)
class Settings:
    """What the environment says. `secret` and `public_url` are None when unset.

    `couchdb` is the address of the CouchDB that holds the databases, with user and password; None for SQLite.
    """

    data: Path
    couchdb: Secret | None = None
    secret: Secret | None = None
    public_url: str | None = None
    mirrors: tuple[str, ...] = ()
    upstream: str | None = None
    upstream_token: Secret | None = None
    upstream_live: bool = False
    upstream_replicator: bool = False
    nightly: dt.time | None = None
    patience: dt.timedelta = _PATIENCE
    backups_folder: Path | None = None
    backups_keep: tuple[int, int, int] = _BACKUPS_KEEP
    backups_key: str | None = None

    @property
    def backups(self) -> Path:
        """The folder of the backups."""
        return self.backups_folder or self.data / "backups"

    @property
    def databases(self) -> Path:
        """The folder of the SQLite databases."""
        return self.data / "databases"

    @property
    def projection(self) -> Path:
        """The file of the totals; it can always be made again by `otkrytka rebuild`."""
        return self.data / "projection.sqlite"

    @property
    def refused(self) -> Path:
        """The file of what this server refused lately."""
        return self.data / "refused.sqlite"


def read(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment; touches no file. Raises WrongSetting. An empty variable counts as unset."""
    known = {setting.name for setting in SETTINGS}
    for name in environment:
        if name.startswith(PREFIX) and not name.startswith(_OF_TESTS) and name not in known:
            raise WrongSetting(name, "there is no such setting; `otkrytka settings` lists those there are.")
    upstream = environment.get("OTKRYTKA_UPSTREAM")
    token = environment.get("OTKRYTKA_UPSTREAM_TOKEN")
    folder = environment.get("OTKRYTKA_BACKUPS")
    return Settings(
        data=Path(environment.get("OTKRYTKA_DATA") or "data"),
        couchdb=couchdb_of("OTKRYTKA_STORE", environment.get("OTKRYTKA_STORE") or "sqlite"),
        secret=_secret(environment.get("OTKRYTKA_SECRET")),
        public_url=_public_url(environment.get("OTKRYTKA_PUBLIC_URL")),
        mirrors=tuple(
            private_url("OTKRYTKA_MIRRORS", text) for text in (environment.get("OTKRYTKA_MIRRORS") or "").split()
        ),
        upstream=private_url("OTKRYTKA_UPSTREAM", upstream) if upstream else None,
        upstream_token=Secret(token) if token else None,
        upstream_live=_switch("OTKRYTKA_UPSTREAM_LIVE", environment),
        upstream_replicator=_switch("OTKRYTKA_UPSTREAM_REPLICATOR", environment),
        nightly=_time_of_day(environment.get("OTKRYTKA_NIGHTLY")),
        patience=_minutes(environment.get("OTKRYTKA_PATIENCE")),
        backups_folder=Path(folder) if folder else None,
        backups_keep=_keep(environment.get("OTKRYTKA_BACKUPS_KEEP")),
        backups_key=_age_key(environment.get("OTKRYTKA_BACKUPS_KEY")),
    )


def couchdb_of(name: str, store: str) -> Secret | None:
    """The CouchDB a store names, as an http(s) address; None for `sqlite`. Raises WrongSetting under `name`."""
    if store == "sqlite":
        return None
    address = store.removeprefix("couchdb+")
    parts = _parts_of(address)
    # The value may hold a password, so it is never repeated.
    if address == store or parts is None or parts.query or parts.fragment:
        raise WrongSetting(
            name, "it must be `sqlite`, or an address like couchdb+https://user:password@couchdb.example:6984."
        )
    if not parts.username or not parts.password:
        raise WrongSetting(name, "it names no user and password; write couchdb+https://user:password@host:port.")
    return Secret(address.rstrip("/"))


def _secret(text: str | None) -> Secret | None:
    if not text:
        return None
    if len(text) < _SHORTEST_SECRET:
        raise WrongSetting("OTKRYTKA_SECRET", f"it is too short; use at least {_SHORTEST_SECRET} random characters.")
    return Secret(text)


def _public_url(text: str | None) -> str | None:
    return _address("OTKRYTKA_PUBLIC_URL", text) if text else None


def private_url(name: str, text: str) -> str:
    """The address of a server that tokens are sent to. Raises WrongSetting under `name` where others could read them."""
    url = _address(name, text)
    if url.startswith("http:") and not _is_private(urlsplit(url).hostname or ""):
        raise WrongSetting(name, "it must begin with https://, or others on the way could read the token.")
    return url


def _is_private(host: str) -> bool:
    """Whether nobody else is on the way: this machine, a private network (a VPN), an onion service."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".onion", ".internal")) or "." not in host


def _address(name: str, text: str) -> str:
    parts = _parts_of(text)
    if parts is None or parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise WrongSetting(name, "it must be an address like https://letters.example, with nothing after the host.")
    return f"{parts.scheme}://{parts.netloc}"


def _parts_of(address: str) -> SplitResult | None:
    """An address of http or https with a host, taken apart; None for anything else."""
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and parts.hostname is not None and parts.port != 0
    except ValueError:
        return None
    return parts if whole else None


def _switch(name: str, environment: Mapping[str, str]) -> bool:
    text = environment.get(name) or "0"
    if text not in ("0", "1"):
        raise WrongSetting(name, "it must be 1 or 0.")
    return text == "1"


def _time_of_day(text: str | None) -> dt.time | None:
    if not text:
        return None
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        raise WrongSetting("OTKRYTKA_NIGHTLY", "it must be a time of day like 03:30.")
    try:
        return dt.time(int(hours), int(minutes))
    except ValueError:
        raise WrongSetting("OTKRYTKA_NIGHTLY", "there is no such time of day; write one like 03:30.") from None


def _minutes(text: str | None) -> dt.timedelta:
    if not text:
        return _PATIENCE
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes <= 24 * 60:
        raise WrongSetting("OTKRYTKA_PATIENCE", "it must be a number of minutes, more than 0 and at most 1440.")
    return dt.timedelta(minutes=minutes)


def _keep(text: str | None) -> tuple[int, int, int]:
    if not text:
        return _BACKUPS_KEEP
    numbers = text.split()
    if len(numbers) != 3 or not all(number.isdecimal() and len(number) <= 4 for number in numbers):
        raise WrongSetting("OTKRYTKA_BACKUPS_KEEP", "it must be three numbers, daily weekly monthly, like 7 5 12.")
    daily, weekly, monthly = map(int, numbers)
    return daily, weekly, monthly


def _age_key(text: str | None) -> str | None:
    if not text:
        return None
    try:
        x25519.Recipient.from_str(text)
    except RecipientError:
        raise WrongSetting(
            "OTKRYTKA_BACKUPS_KEY", "it must be an age public key, age1…; `age-keygen` makes a pair."
        ) from None
    return text
