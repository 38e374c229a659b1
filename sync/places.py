"""Databases as people name them on a command line.

https://user:password@host/db/letters     a database of a CouchDB peer
data/letters     data/letters.sqlite      the database "letters" in the folder data (names with / as %2F)
"""

from pathlib import Path
from urllib.parse import unquote

import msgspec

from sync.databases.contract import Catalog, Database
from sync.databases.http import HttpCatalog
from sync.databases.sqlite import SqliteCatalog
from sync.errors import BadRequest, NotFound

_SUFFIX = ".sqlite"


class Place(msgspec.Struct, frozen=True):
    """Where a database is: its catalog, and its name there. `shown` is how to print it, without any secret."""

    catalog: Catalog
    name: str
    shown: str

    async def open(self, *, create: bool = False) -> Database:
        """The database; made if it is not there and `create` says so. Raises NotFound, IllegalName, Unavailable, …"""
        try:
            return await self.catalog.open(self.name)
        except NotFound as error:
            if not create:
                raise NotFound(f"{self.shown}: {error.reason}") from None
            return await self.catalog.create(self.name)


def is_remote(text: str) -> bool:
    """Whether a place is reached over HTTP."""
    return text.startswith(("http://", "https://"))


def place(text: str) -> Place:
    """The place a person named. Raises BadRequest when it can't be one."""
    where, _, last = text.rstrip("/").rpartition("/")
    if is_remote(text):
        if where in ("http:/", "https:/") or not last:
            raise BadRequest("The address of a database ends with its name: https://host/name")
        catalog = HttpCatalog(where)
        return Place(catalog, unquote(last), f"{catalog.url}/{last}")
    path = Path(text)
    if not path.parent.is_dir():
        raise NotFound(f"There is no folder {path.parent}")
    name = unquote(path.name.removesuffix(_SUFFIX))
    return Place(SqliteCatalog(path.parent), name, str(path))


def file_of(text: str) -> Path:
    """The file of a database on this machine."""
    path = Path(text)
    return path if path.suffix == _SUFFIX or path.is_file() else path.with_name(path.name + _SUFFIX)
