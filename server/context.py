"""What a running server is made of; the doors take it from the request's state."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from typing import cast

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from server.addresses import all_addresses, public_url
from server.audit import Audit
from server.auth.devices import Devices
from server.auth.doorkeeper import DomainPolicy, Doorkeeper
from server.auth.invites import Invites
from server.auth.keys import signing_secret
from server.auth.passkeys import Passkeys
from server.auth.server_keys import ServerKeys
from server.auth.sessions import Sessions
from server.auth.tokens import Tokens
from server.boards import Boards
from server.hub.above import Above
from server.hub.membership import Membership, membership
from server.hub.nights import Nights
from server.measures import Measures
from server.projection.follower import Follower
from server.projection.tables import Tables
from server.publication.publisher import Publisher
from server.publication.releases import ReleaseStore
from server.quarantine import Quarantine
from server.register import Register
from server.settings import Settings
from server.stores import database_api, open_catalog
from server.waiting import WaitingPhones
from sync.databases.contract import Catalog


@dataclass(frozen=True)
class Context:
    """The parts of one server process."""

    settings: Settings
    public_url: str
    keys: ServerKeys
    catalog: Catalog
    invites: Invites
    doorkeeper: Doorkeeper
    sessions: Sessions
    passkeys: Passkeys
    policy: DomainPolicy
    engine: ASGIApp
    tables: Tables
    follower: Follower
    publisher: Publisher
    measures: Measures
    boards: Boards
    member: Membership | None
    above: Above
    nights: Nights
    audit: Audit
    quarantine: Quarantine
    register: Register
    waiting: WaitingPhones

    @property
    def devices(self) -> Devices:
        """The enrolled devices."""
        return self.doorkeeper.devices

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses of this server, the one that invites begin with first."""
        return all_addresses(self.settings)


@asynccontextmanager
async def open_context(settings: Settings) -> AsyncIterator[Context]:
    """Opens everything a server needs and closes it again. Raises SyncError when the store can't be opened, WrongSetting."""
    secret = signing_secret(settings)
    address = public_url(settings)
    member = membership(settings)
    catalog = open_catalog(settings)
    try:
        with ExitStack() as files:
            tables = files.enter_context(closing(Tables(settings.projection)))
            quarantine = files.enter_context(closing(Quarantine(settings.refused)))
            devices, tokens = await Devices.open(catalog), Tokens(secret)
            doorkeeper = Doorkeeper(devices, tokens, address)
            policy = DomainPolicy(doorkeeper, quarantine, hub=member is not None)
            follower = Follower(catalog, tables)
            yield Context(
                settings=settings,
                public_url=address,
                keys=ServerKeys(secret),
                catalog=catalog,
                invites=Invites(secret),
                doorkeeper=doorkeeper,
                sessions=Sessions(devices, tokens, secret),
                passkeys=Passkeys(devices.roll, secret, address),
                policy=policy,
                engine=database_api(settings, catalog, policy),
                tables=tables,
                follower=follower,
                publisher=Publisher(await ReleaseStore.open(catalog), tables, follower),
                measures=Measures(),
                boards=Boards(),
                member=member,
                above=await Above.open(catalog),
                nights=await Nights.open(catalog),
                audit=await Audit.open(catalog),
                quarantine=quarantine,
                register=await Register.open(catalog),
                waiting=await WaitingPhones.open(catalog),
            )
    finally:
        await catalog.close()


def context_of(connection: HTTPConnection) -> Context:
    """The context of the server a request came to."""
    return cast("Context", connection.state.context)
