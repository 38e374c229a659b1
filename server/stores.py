"""Where the databases live: from the setting `OTKRYTKA_STORE` to the engine's catalog, and to the door `/db`.

What speaks to a CouchDB is imported only where one is named: its HTTP clients take as long to load as all the rest.
"""

from starlette.types import ASGIApp

from server.settings import Settings
from sync.databases.contract import Catalog, Database
from sync.databases.sqlite import SqliteCatalog
from sync.errors import AlreadyExists, NotFound
from sync.policy import Policy
from sync.protocol import application
from sync.protocol.settings import Settings as ProtocolSettings


def open_catalog(settings: Settings) -> Catalog:
    """The databases of a store: files in the data folder, or those of a CouchDB, which is not asked for anything yet."""
    if settings.couchdb is not None:
        from server.couchdb.catalog import CouchdbCatalog

        return CouchdbCatalog(settings.couchdb.reveal())
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SqliteCatalog(settings.databases)


def database_api(settings: Settings, catalog: Catalog, policy: Policy) -> ASGIApp:
    """The CouchDB API over these databases, behind `policy`. Where they live in a CouchDB its answers are streamed through."""
    if settings.couchdb is not None:
        from server.couchdb.catalog import CouchdbCatalog
        from sync.gateway import Gateway

        if isinstance(catalog, CouchdbCatalog):
            return Gateway(catalog.upstream, catalog, policy)
    return application(catalog, policy, ProtocolSettings())


async def open_or_create(catalog: Catalog, name: str) -> Database:
    """The database of a name, made when it is not there; two processes may do this at once."""
    try:
        return await catalog.open(name)
    except NotFound:
        try:
            return await catalog.create(name)
        except AlreadyExists:
            return await catalog.open(name)
