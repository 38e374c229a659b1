"""The first visit on a slow network: how much JavaScript has to arrive before the app can start."""

import gzip
import re

from server.resources import PHONE_APP

BUDGET = 90_000


def test_the_initial_javascript_keeps_to_its_budget() -> None:
    """The page's scripts and whatever they import at once are at most 90 KB, packed as the server packs them."""
    waiting = re.findall(r'<script[^>]* src="(/[^"]+)"', (PHONE_APP / "index.html").read_text("utf-8"))
    assert waiting
    sizes: dict[str, int] = {}
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        source = (PHONE_APP / address.lstrip("/")).read_bytes()
        sizes[address] = len(gzip.compress(source, mtime=0))
        # `import"./name.js"` and `from"./name.js"`, but not `import("./name.js")`, which waits until it is wanted.
        for name in re.findall(rb'(?:import|from)\s*["\']\./([^"\']+\.js)["\']', source):
            waiting.append(f"/assets/{name.decode()}")
    assert sum(sizes.values()) <= BUDGET, sizes
