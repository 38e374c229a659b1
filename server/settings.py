"""The settings: read once from the environment, checked, and frozen.

`SETTINGS` is the one list of them; `otkrytka settings` prints it and the README's table is tested against it. A value that is
wrong, and a name nobody reads, stop the start with a sentence that names the setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

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

    @property
    def databases(self) -> Path:
        """The folder of the SQLite databases."""
        return self.data / "databases"

    @property
    def projection(self) -> Path:
        """The file of the totals; it can always be made again by `otkrytka rebuild`."""
        return self.data / "projection.sqlite"


def read(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment; touches no file. Raises WrongSetting. An empty variable counts as unset."""
    known = {setting.name for setting in SETTINGS}
    for name in environment:
        if name.startswith(PREFIX) and not name.startswith(_OF_TESTS) and name not in known:
            raise WrongSetting(name, "there is no such setting; `otkrytka settings` lists those there are.")
    return Settings(
        data=Path(environment.get("OTKRYTKA_DATA") or "data"),
        couchdb=couchdb_of("OTKRYTKA_STORE", environment.get("OTKRYTKA_STORE") or "sqlite"),
        secret=_secret(environment.get("OTKRYTKA_SECRET")),
        public_url=_public_url(environment.get("OTKRYTKA_PUBLIC_URL")),
    )


def couchdb_of(name: str, store: str) -> Secret | None:
    """The CouchDB a store names, as an http(s) address; None for `sqlite`. Raises WrongSetting under `name`."""
    if store == "sqlite":
        return None
    address = store.removeprefix("couchdb+")
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and parts.hostname is not None and parts.port != 0
    except ValueError:
        whole = False
        parts = urlsplit("")
    # The value may hold a password, so it is never repeated.
    if address == store or not whole or parts.query or parts.fragment:
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
    if not text:
        return None
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and parts.hostname is not None and parts.port != 0
    except ValueError:
        whole = False
        parts = urlsplit("")
    if not whole or parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise WrongSetting(
            "OTKRYTKA_PUBLIC_URL", "it must be an address like https://letters.example, with nothing after the host."
        )
    return f"{parts.scheme}://{parts.netloc}"
