"""A gateway between a client and a peer, all on loopback: real sockets, because streams and aborts are what is tested."""

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import anyio
import httpx2
import uvicorn
from starlette.types import ASGIApp

from sync.databases.http import HttpCatalog
from sync.gateway import Connections, Gateway, Upstream
from sync.policy import Open, Policy
from sync.protocol.serve import configuration


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The address of an application that is listening. (Connections wait in the socket's queue until it accepts them.)"""
    listening = socket.create_server(("127.0.0.1", 0))
    # asyncio forgets it here, which uvloop does not: every answer in two parts would wait 40 ms for the client's kernel.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = uvicorn.Server(configuration(app, "127.0.0.1", 0))
    server.config.timeout_graceful_shutdown = 1
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.serve, [listening])
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True


class Doors:
    """Makes gateways in front of peers, and clients of them; everything is closed after the test."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    async def serve(self, app: ASGIApp) -> str:
        """The address of an application."""
        return await self._stack.enter_async_context(served(app))

    async def client(self, address: str) -> httpx2.AsyncClient:
        """A client of an address; its own connections only."""
        return await self._stack.enter_async_context(httpx2.AsyncClient(base_url=address, timeout=10))

    async def gateway(
        self, peer: str, policy: Policy | None = None, *, requests: int = 64, feeds: int = 64, patience: float = 10.0
    ) -> httpx2.AsyncClient:
        """A client of a gateway that stands in front of the peer at an address."""
        connections = Connections(requests=requests, feeds=feeds, patience=patience)
        self._stack.push_async_callback(connections.close)
        upstream = Upstream(peer, connections)
        catalog = HttpCatalog(peer, line=upstream)
        self._stack.push_async_callback(catalog.close)
        app = Gateway(upstream, catalog, policy or Open())
        return await self.client(await self.serve(app))
