"""What CouchDB 3.4.3 answered to a long list of requests, and what we answer to the same.

Each file in `recorded/` is a conversation with one fresh database: requests, and the answers a real CouchDB gave. Where we
differ on purpose the exchange carries our answer under "ours", with the reason under "because".
Run this file with the address of a CouchDB to record the answers again: `python test_recorded_exchanges.py URL`.
"""

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from sync.databases.memory import MemoryCatalog
from sync.protocol import application
from tests.protocol.doors import Doors

RECORDED = Path(__file__).parent / "recorded"
# Headers that clients look at. The others tell of the server's software or the moment.
COMPARED = (
    "accept-ranges",
    "allow",
    "cache-control",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "etag",
    "location",
)
# Members whose value is the server's own affair: only that they are there is compared.
OPAQUE = (
    "uuid",
    "git_sha",
    "features",
    "vendor",
    "sizes",
    "cluster",
    "instance_start_time",
    "purge_seq",
    "uuids",
    "_local_seq",
    "bookmark",
)
# Members that CouchDB or we have beyond the other; clients don't look at them.
ADDITIONAL = ("epoch", "props", "git_sha")


class Symbols:
    """Revisions and sequences differ from server to server: here the first one met is r1, the next r2 and so on."""

    def __init__(self, database: str, base: str) -> None:
        self._database = database
        self._base = base
        self._numbers: dict[str, int] = {}
        self._revisions: dict[str, str] = {}

    def actual(self, text: str) -> str:
        """A request's text with "<r1>" replaced by the revision it stands for, and "{db}" by the database."""
        for known, number in self._numbers.items():
            if known in self._revisions:
                rev = self._revisions[known]
                text = text.replace(f"<r{number}>", rev).replace(quote(f"<r{number}>"), rev)
        return text.replace("{db}", self._database)

    def symbolic(self, text: str) -> str:
        """An answer's text with all that differs from server to server replaced by its name."""
        text = re.sub(r"--[-0-9a-f]{32,}", "--b", text)
        text = re.sub(r'boundary="?[-0-9a-f]+"?', "boundary=b", text)
        text = text.replace(self._base, "{base}").replace(self._database, "{db}")
        text = re.sub(r'("(?:last_|update_)?seq":|id: )"(\d+)(?:-[^"]*)?"', r'\1"\2-seq"', text)
        return re.sub(r"\b(\d+-)?([0-9a-f]{32})\b", self._name, text)

    def _name(self, found: "re.Match[str]") -> str:
        """A revision as <r1>, its hash alone (in `_revisions`) as <h1>."""
        start, ident = found.groups()
        number = self._numbers.setdefault(ident, len(self._numbers) + 1)
        if start is None:
            return f"<h{number}>"
        self._revisions[ident] = found.group()
        return f"<r{number}>"


def conversations() -> list[Path]:
    return sorted(RECORDED.glob("*.json"))


def _load(path: Path) -> list[dict[str, Any]]:
    exchanges: list[dict[str, Any]] = json.loads(path.read_text())
    return exchanges


async def _ask(client: httpx2.AsyncClient, request: Mapping[str, Any], symbols: Symbols) -> dict[str, Any]:
    body = request.get("text")
    if "json" in request:
        body = json.dumps(request["json"])
    headers = {"accept": "application/json", "accept-encoding": "identity"} | request.get("headers", {})
    if "json" in request or "text" in request:
        headers = {"content-type": "application/json"} | headers
    response = await client.request(
        request["method"],
        symbols.actual(request["path"]),
        headers={name: symbols.actual(value) for name, value in headers.items() if value},
        content=None if body is None else symbols.actual(body).encode(),
    )
    return {
        "status": response.status_code,
        "headers": {
            name: _plain_header(name, symbols.symbolic(value))
            for name, value in response.headers.items()
            if name in COMPARED and not (name == "content-length" and _has_json_length(response))
        },
        "body": _plain_body(symbols.symbolic(response.text), response.headers.get("content-type", "")),
    }


def _has_json_length(response: httpx2.Response) -> bool:
    """Revisions of other lengths and members in another order make other lengths; a 304 need not tell any."""
    return response.status_code == 304 or any(
        kind in response.headers.get("content-type", "") for kind in ("json", "multipart/related")
    )


def _plain_header(name: str, value: str) -> str:
    if name == "etag" and "<r" not in value and not value.endswith('=="'):
        return "opaque"
    if name == "allow":
        return _plain_allow(value)
    return value


def _plain_allow(methods: str) -> str:
    """Some of CouchDB's lists name HEAD and some don't; it is served wherever GET is."""
    return ",".join(sorted(set(methods.split(",")) - {"HEAD"}))


def _plain_body(text: str, content_type: str) -> Any:
    if "multipart" in content_type:
        return [_plain_json(json.loads(line)) if line.startswith("{") else line for line in text.split("\r\n")]
    if not text.strip():
        return None
    try:
        return _plain_json(json.loads(text))
    except ValueError:
        return [_plain_json(json.loads(line)) if line.startswith("{") else line for line in text.strip().split("\n")]


def _plain_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain_json(item) for item in value]
    if isinstance(value, dict):
        if value.get("error") == "method_not_allowed":
            value = {"error": "method_not_allowed", "reason": "opaque"}
        return {
            name: "opaque" if name in OPAQUE else _plain_json(item)
            for name, item in sorted(value.items())
            if name not in ADDITIONAL
        }
    return value


async def _converse(client: httpx2.AsyncClient, exchanges: list[dict[str, Any]], database: str) -> list[dict[str, Any]]:
    symbols = Symbols(database, f"http://{client.base_url.netloc.decode()}")
    return [await _ask(client, exchange["request"], symbols) for exchange in exchanges]


@pytest.mark.anyio
@pytest.mark.parametrize("path", conversations(), ids=lambda path: path.stem)
async def test_we_answer_as_couchdb_does(path: Path) -> None:
    """Status, the headers clients look at and the body are CouchDB's, for every request that was recorded."""
    transport = httpx2.ASGITransport(app=application(MemoryCatalog()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        await _expect_recorded(client, path)


@pytest.mark.anyio
@pytest.mark.parametrize("path", conversations(), ids=lambda path: path.stem)
async def test_the_gateway_changes_no_answer(path: Path, doors: Doors) -> None:
    """The same conversations through the gateway, with our own application behind it in CouchDB's place."""
    client = await doors.gateway(await doors.serve(application(MemoryCatalog())))
    await _expect_recorded(client, path)


async def _expect_recorded(client: httpx2.AsyncClient, path: Path) -> None:
    exchanges = _load(path)
    answers = await _converse(client, exchanges, "recorded")
    for exchange, answer in zip(exchanges, answers, strict=True):
        expected = exchange.get("ours", exchange["answer"])
        assert answer == expected, (exchange["request"], exchange.get("because"))


def _save(path: Path, exchanges: list[dict[str, Any]]) -> None:
    path.write_text(json.dumps(exchanges, indent=1, ensure_ascii=False) + "\n")


async def record(url: str) -> None:
    # CouchDB sends a body with some answers that must have none: a connection is not used twice.
    async with httpx2.AsyncClient(base_url=url, limits=httpx2.Limits(max_keepalive_connections=0)) as client:
        for path in conversations():
            exchanges = _load(path)
            await client.delete("/recorded")
            for exchange, answer in zip(exchanges, await _converse(client, exchanges, "recorded"), strict=True):
                exchange["answer"] = answer
            await client.delete("/recorded")
            _save(path, exchanges)


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1]))
