"""How much the pages take in of one request: a form's parts are bounded each, and nothing else bounds all of them together."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.errors import TooLarge

LARGEST = 32 * 1024 * 1024
"""Bytes. The largest form is a table on its way through its preview, of 4 MB and encoded once more by the browser."""


class BoundForms:
    """Ends the reading of what is sent to a page, in pieces or at once, with TooLarge when it is more than LARGEST."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LARGEST:
                raise TooLarge(f"body: it is larger than {LARGEST} bytes", error="too_large")
            return message

        is_page = scope["type"] == "http" and scope["path"].startswith("/dashboard")
        await self._app(scope, bounded if is_page else receive, send)
