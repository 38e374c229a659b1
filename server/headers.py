"""What every answer says to browsers and caches: which code may run, who may frame it, what is passed on and what kept.

phone app    its own scripts, styles and workers, one of which runs WebAssembly (the stretching of passphrases); nothing else
dashboard    its own scripts and styles; forms go back here
public       its own styles and pictures, no script; the card may be framed by any site
all others   (JSON, the database API, files) may run nothing at all

What only some may read is kept by nobody: pages say so themselves, here all others do, and the database API in whose own words,
`must-revalidate`, a proxy may keep what it passed on to somebody with a token (RFC 9111, 3.5). And a 401 says what to show, as
RFC 9110, 11.6.1 asks of every one; browsers open no dialog of their own for this scheme.
"""

import re
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_PHONE = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src {connect}; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_DASHBOARD = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_PUBLIC = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors {ancestors}; "
    "base-uri 'none'; form-action 'none'"
)
_FRAMES = b"x-frame-options"
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), microphone=(), camera=(self), payment=(), usb=()",
}
_CARD = re.compile(r"/public/[a-z]{2}/card(/|$)", re.ASCII)
_API = ("/db", "/api", "/healthz", "/readyz", "/metrics")
_CACHING = b"cache-control"
_KEPT_BY_NOBODY = (_CACHING, b"no-store")
_CHALLENGE = (b"www-authenticate", b"Bearer")


class SecurityHeaders:
    """Adds the headers to every answer, streams included. `secure` is whether browsers come over https.

    `mirrors` are the other addresses of this server, which the phone app may ask too.
    """

    def __init__(self, app: ASGIApp, *, secure: bool, mirrors: tuple[str, ...] = ()) -> None:
        self._app = app
        self._phone = _PHONE.format(connect=" ".join(("'self'", *mirrors)))
        self._always = [(name.encode(), value.encode()) for name, value in _ALWAYS.items()]
        if secure:
            self._always.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        headers = [*self._always, (b"content-security-policy", self._policy(path).encode())]
        if path.startswith(("/db", "/dashboard", "/api")) and not path.startswith("/dashboard/static/"):
            headers.append(_KEPT_BY_NOBODY)
        if _CARD.match(path):
            headers = [(name, value) for name, value in headers if name != _FRAMES]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = message.get("headers", [])
                if path.startswith("/db"):
                    said = [header for header in said if header[0].lower() != _CACHING]
                names = {name.lower() for name, _ in said}
                ours = [*headers, _CHALLENGE] if message["status"] == HTTPStatus.UNAUTHORIZED else headers
                message["headers"] = [*said, *(header for header in ours if header[0] not in names)]
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _policy(self, path: str) -> str:
        if path.startswith("/dashboard"):
            return _DASHBOARD
        if path.startswith("/public"):
            return _PUBLIC.format(ancestors="*" if _CARD.match(path) else "'none'")
        return _NOTHING if path.startswith(_API) else self._phone
