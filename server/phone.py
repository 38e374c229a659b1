"""The phone app's files, as its build left them (`server/resources.py` says where).

    /, /join, /app/…           index.html, asked for anew each time
    /assets/name-<hash>.js     kept by browsers for ever: another content has another name
    everything else there      asked for anew each time (sw.js, the manifest, icons)

There are few and small ones, so they are held in memory, packed once; no path of a request ever touches the disk.
"""

import gzip
import hashlib
import re
from pathlib import Path

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.resources import PHONE_APP
from sync.protocol.call import takes_gzip

_HASHED = re.compile(r"^/assets/[^/]+-[\w-]{8}\.\w+$", re.ASCII)
_ENTRANCES = re.compile(r"^/(?:join|app(?:/.*)?)?$")
_TEXTS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
}
_OTHERS = {".ico": "image/x-icon", ".png": "image/png", ".wasm": "application/wasm", ".woff2": "font/woff2"}


class Asset(msgspec.Struct, frozen=True):
    """One file: `packed` is its gzip, None where that would save nothing."""

    body: bytes
    packed: bytes | None
    etag: str
    type: str
    caching: str


class PhoneApp:
    """Serves a folder of built files, as they were when the server started."""

    def __init__(self, folder: Path = PHONE_APP) -> None:
        files = (path for path in folder.rglob("*") if path.is_file())
        self._assets = {
            name: _asset(name, path) for path in files for name in [f"/{path.relative_to(folder).as_posix()}"]
        }

    @property
    def built(self) -> bool:
        """Whether there is an app to serve."""
        return "/index.html" in self._assets

    async def answer(self, request: Request) -> Response:
        """Answers GET and HEAD of any path that no other door took."""
        path = request.url.path
        if _ENTRANCES.match(path):
            if not self.built:
                raise HTTPException(503, "The phone app has not been built; run scripts/install.")
            path = "/index.html"
        asset = self._assets.get(path)
        if asset is None:
            raise HTTPException(404)
        headers = {"cache-control": asset.caching, "etag": asset.etag, "vary": "Accept-Encoding"}
        if asset.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if asset.packed is not None and takes_gzip(request.headers.get("accept-encoding")):
            return Response(asset.packed, media_type=asset.type, headers=headers | {"content-encoding": "gzip"})
        return Response(asset.body, media_type=asset.type, headers=headers)


def _asset(name: str, path: Path) -> Asset:
    body = path.read_bytes()
    text = _TEXTS.get(path.suffix)
    packed = gzip.compress(body, mtime=0) if text else body
    return Asset(
        body=body,
        packed=packed if len(packed) < len(body) else None,
        etag=f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
        type=text or _OTHERS.get(path.suffix, "application/octet-stream"),
        caching="public, max-age=31536000, immutable" if _HASHED.match(name) else "no-cache",
    )
