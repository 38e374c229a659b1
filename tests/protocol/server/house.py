"""The whole application in this process, and devices and browsers that use it."""

from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
from starlette.testclient import TestClient

from server.auth.invites import invitation
from server.chapters import chapter_slugs
from server.projection import queries
from tests.e2e import stage

if TYPE_CHECKING:
    from server.context import Context

# Late in the evening: by clocks further east it is the next day.
EVENT: dict[str, Any] = {**stage.EVENT, "theme": "spring", "starts": "2026-03-05T23:30:00+03:00"}
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


class Device:
    """An enrolled device: its id, its token, and the requests it makes."""

    def __init__(self, house: "House", joined: dict[str, Any]) -> None:
        self.joined = joined
        self.id: str = joined["device"]
        self.headers = {"Authorization": f"Bearer {joined['token']}"}
        self._client = house.client

    def get(self, path: str, **more: Any) -> Any:
        return self._client.get(path, headers=self.headers, **more)

    def post(self, path: str, **more: Any) -> Any:
        return self._client.post(path, headers=self.headers, **more)

    def put(self, path: str, **more: Any) -> Any:
        return self._client.put(path, headers=self.headers, **more)

    def delete(self, path: str) -> Any:
        return self._client.delete(path, headers=self.headers)

    def sheet(self, *, heads: int = 0, letters: dict[str | None, int] | None = None) -> dict[str, Any]:
        """This device's sheet at EVENT."""
        lines = [
            {"to": to, "kind": "letter", "origin": "here", "added": n, "removed": 0}
            for to, n in (letters or {}).items()
        ]
        return {
            "_id": f"sheet:{EVENT['_id'].partition(':')[2]}:{self.id}",
            "type": "sheet",
            "schema": 1,
            "event": EVENT["_id"],
            "device": self.id,
            "chapter": "moscow",
            "heads": {"added": heads, "removed": 0},
            "letters": lines,
        }

    def closing(self, **declared: Any) -> dict[str, Any]:
        """This device's closing of EVENT."""
        return {
            "_id": f"closing:{EVENT['_id'].partition(':')[2]}:01KFW0000000000000000000C0",
            "type": "closing",
            "schema": 1,
            "event": EVENT["_id"],
            "chapter": "moscow",
            "device": self.id,
            **declared,
        }

    def write(self, document: dict[str, Any], database: str = "chapter-moscow") -> str:
        """Puts a document and answers its revision."""
        answer = self.put(f"/db/{database}/{document['_id']}", json=document)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["rev"])


class House:
    """The running application, and short cuts an operator has."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.context: Context = client.app_state["context"]

    def call(self, work: Any, *arguments: Any, **named: Any) -> Any:
        """Runs something of the application in its own loop."""
        assert self.client.portal is not None
        return self.client.portal.call(partial(work, *arguments, **named))

    def invite(self, role: str, *chapters: str, hours: float = 1) -> str:
        there = self.call(chapter_slugs, self.context.catalog)
        return self.context.invites.sign(invitation(role, chapters, hours, there))

    def join(self, role: str, *chapters: str, pseudonym: str | None = None) -> Device:
        body = {"invite": self.invite(role, *chapters)} | ({"pseudonym": pseudonym} if pseudonym else {})
        answer = self.client.post("/api/join", json=body)
        assert answer.status_code == 201, answer.text
        return Device(self, answer.json())

    def sign_in(self, role: str, *chapters: str) -> TestClient:
        """A browser with a session: it keeps the cookie, and says that its requests come from our own pages."""
        browser = TestClient(self.client.app, headers=OWN_PAGE, follow_redirects=False)
        browser.app_state.update(self.client.app_state)
        browser.portal = self.client.portal
        answer = browser.post("/dashboard/sign-in", data={"invite": self.invite(role, *chapters)})
        assert answer.status_code == 303, answer.text
        return browser

    async def _unmerged(self) -> bool:
        follower, tables = self.context.follower, self.context.tables
        for name in await self.context.catalog.names():
            conflicts = await tables.read(queries.conflicts, name)
            if any((name, doc_id, leaves) not in follower._left_open for doc_id, leaves in conflicts.items()):
                return True
        return False

    def settle(self) -> None:
        """Returns once everything written so far is in the totals, and conflicts that can be merged are."""

        async def caught_up() -> None:
            with anyio.fail_after(20):
                while True:
                    mark = self.context.follower.signals.mark
                    if not any((await self.context.follower.behind()).values()) and not await self._unmerged():
                        return
                    with anyio.move_on_after(0.2):  # a conflict that is left open is no news
                        await self.context.follower.signals.wait(mark)

        self.call(caught_up)
