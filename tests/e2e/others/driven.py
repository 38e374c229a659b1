"""Browsers that Playwright does not drive, each through the protocol it speaks itself.

    Firefox    a WebSocket to the browser: WebDriver BiDi
    WebKitGTK  HTTP to WebKitWebDriver, which starts webkit_window.py: its own MiniBrowser would forget everything at a reload

Both do the same two things, and those are enough: go to an address, and evaluate an expression in the page.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import pytest

from tests.e2e.stage import free_port

SECONDS = 90
PYTHON = "/usr/bin/python3"  # Debian's own, which has its bindings
WINDOW = Path(__file__).parent / "webkit_window.py"
_NEEDED = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1')"
# Looks again whenever the page changes, so that nothing is asked twice and nobody sleeps.
_UNTIL = """new Promise((found) => {
  const look = () => { const value = %s; if (value) { observer.disconnect(); found(value); } };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  look();
})"""


class Driven(Protocol):
    """A browser with one page."""

    async def go(self, address: str) -> None:
        """Loads an address, and returns when it has loaded."""

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression (or of its promise) in the page, as JSON can carry it."""


async def until(browser: Driven, expression: str) -> Any:
    """The value of an expression as soon as it is true."""
    return await asyncio.wait_for(browser.evaluate(_UNTIL % expression), SECONDS)


async def click(browser: Driven, selector: str) -> None:
    """Clicks an element as soon as it is there and can be clicked."""
    await until(browser, f"((e) => e && !e.disabled && (e.click(), true))(document.querySelector({selector!r}))")


class Firefox:
    """Debian's Firefox ESR."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._asked = 0
        self._context = ""

    async def open(self) -> None:
        """Begins a session and takes the page that is open."""
        await self._ask("session.new", {"capabilities": {}})
        tree = await self._ask("browsingContext.getTree", {})
        self._context = tree["contexts"][0]["context"]

    async def go(self, address: str) -> None:
        await self._ask("browsingContext.navigate", {"context": self._context, "url": address, "wait": "complete"})

    async def evaluate(self, expression: str) -> Any:
        wrapped = f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))"
        target = {"context": self._context}
        answer = await self._ask("script.evaluate", {"expression": wrapped, "target": target, "awaitPromise": True})
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    async def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._asked += 1
        await self._socket.send_json({"id": self._asked, "method": method, "params": params})
        async with asyncio.timeout(SECONDS):
            while True:
                message = await self._socket.receive_json()
                if message.get("id") == self._asked:
                    assert message["type"] == "success", message
                    return message["result"]


class WebKit:
    """WebKitGTK, through its driver."""

    def __init__(self, http: aiohttp.ClientSession, session: str) -> None:
        self._http = http
        self._session = session

    async def open(self) -> None:
        """Lets scripts take their time."""
        await self._post("timeouts", {"script": SECONDS * 1000})

    async def go(self, address: str) -> None:
        await self._post("url", {"url": address})

    async def evaluate(self, expression: str) -> Any:
        script = f"Promise.resolve({expression}).then((value) => arguments[0](value ?? null))"
        return await self._post("execute/async", {"script": script, "args": []})

    async def _post(self, command: str, body: dict[str, Any]) -> Any:
        async with self._http.post(f"{self._session}/{command}", json=body) as answer:
            value = (await answer.json())["value"]
            assert answer.status == 200, value
            return value


@asynccontextmanager
async def firefox(folder: Path) -> AsyncIterator[Driven]:
    """A Firefox on an empty profile."""
    program = shutil.which("firefox-esr")
    if program is None:
        pytest.skip("firefox-esr is not installed (apt install firefox-esr)")
    port = free_port()
    arguments = ["--headless", "--no-remote", "--profile", str(folder), f"--remote-debugging-port={port}"]
    async with (
        _running(program, *arguments, wait_for=b"WebDriver BiDi listening"),
        aiohttp.ClientSession() as http,
        http.ws_connect(f"ws://127.0.0.1:{port}/session", max_msg_size=0) as socket,
    ):
        browser = Firefox(socket)
        await browser.open()
        yield browser


def _require_webkit() -> None:
    for program, package in {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb", PYTHON: "python3"}.items():
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (apt install {package})")
    if subprocess.run((PYTHON, "-c", _NEEDED), check=False, capture_output=True).returncode != 0:
        pytest.skip(f"{PYTHON} can open no WebKitGTK window (apt install gir1.2-webkit2-4.1 python3-gi)")


@asynccontextmanager
async def webkit(folder: Path) -> AsyncIterator[Driven]:
    """A WebKitGTK that keeps what it stores in the folder, on a screen that is only remembered."""
    _require_webkit()
    port = free_port()
    screen = f":{port}"
    environment = {"DISPLAY": screen, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "HOME": str(folder)}
    options = {"binary": PYTHON, "args": [str(WINDOW), str(folder)]}
    capabilities = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
    async with (
        _running("Xvfb", screen, "-displayfd", "2", "-nolisten", "tcp", wait_for=str(port).encode()),
        _running("WebKitWebDriver", f"--port={port}", environment=environment),
        aiohttp.ClientSession() as http,
    ):
        session = f"http://127.0.0.1:{port}/session"
        await _listening(port)
        async with http.post(session, json=capabilities) as answer:
            begun = (await answer.json())["value"]
            assert answer.status == 200, begun
        browser = WebKit(http, f"{session}/{begun['sessionId']}")
        await browser.open()
        yield browser


async def _listening(port: int) -> None:
    """Returns when a program that does not say when it is ready takes connections."""
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


@asynccontextmanager
async def _running(
    program: str, *arguments: str, wait_for: bytes = b"", environment: dict[str, str] | None = None
) -> AsyncIterator[None]:
    """A program for as long as it is needed, from the moment it says that it is ready."""
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        env={**os.environ, **(environment or {})},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr
    try:
        async with asyncio.timeout(SECONDS):
            while wait_for and wait_for not in await process.stderr.readline():
                assert not process.stderr.at_eof(), f"{program} ended at once"
        # Whoever talks on and is not listened to would stand still when the pipe is full.
        listening = asyncio.create_task(process.stderr.read())
        yield
        listening.cancel()
    finally:
        # Whatever it has started goes with it: WebKitWebDriver would leave its browser behind.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()
