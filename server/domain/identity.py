"""Who is asking: a device under a pseudonym, a hub, or the server itself."""

from typing import Literal

from msgspec import Struct

from server.domain.identifiers import REGISTER, chapter_database

COORDINATORS = ("coordinator", "national")
"""The roles that see the dashboards: one's own chapters, or all."""

Access = Literal["read", "write", "admin"]
"""`admin` is to create and delete a database, and to change its settings."""


class Identity(Struct, frozen=True):
    """One asker. `device` is its ULID (None only for `server`); `chapters` are slugs and mean nothing for `national`."""

    device: str | None
    role: Literal["volunteer", "coordinator", "national", "hub", "server"]
    chapters: tuple[str, ...] = ()
    pseudonym: str = ""

    @property
    def place(self) -> str:
        """Where the engine keeps this device's replication checkpoints, apart from all others'."""
        return self.device or ""


SERVER = Identity(device=None, role="server", pseudonym="server")
"""The server acting on its own account: merges, the coverage document, replication with its upstream."""


def databases_of(identity: Identity) -> tuple[str, ...]:
    """Name the databases a device is to keep: the register, then its chapters in their order."""
    return (REGISTER, *(chapter_database(slug) for slug in identity.chapters))
