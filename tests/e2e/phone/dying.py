"""Pages that die in the middle of what they write."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Request

DYING = "/dying"
SECONDS = 60

# While `hold` is set nothing is folded: what was tapped lies in the record alone. Of writing transactions, and of databases
# made and deleted, `left` many are let through; at the next one the page says so and stands still, as if struck.
MORTAL = f"""
window.hold = false;
window.left = Number.POSITIVE_INFINITY;
const step = () => {{
  if (window.left-- > 0) return;
  const end = new XMLHttpRequest();
  end.open("POST", "{DYING}", false);
  end.send();
}};
const {{ transaction }} = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (stores, mode, options) {{
  if (mode === "readwrite") {{
    if (window.hold && stores.includes("by-sequence")) throw new DOMException("held", "AbortError");
    step();
  }}
  return transaction.call(this, stores, mode, options);
}};
for (const act of ["open", "deleteDatabase"]) {{
  const {{ [act]: whole }} = IDBFactory.prototype;
  IDBFactory.prototype[act] = function (...given) {{ step(); return whole.apply(this, given) }};
}}
"""


def make_mortal(context: BrowserContext) -> None:
    """From now on pages of this phone can die."""
    context.add_init_script(MORTAL)
    context.route(f"**{DYING}", lambda route: None)


def dies(page: Page, steps: int, act: str, done: Callable[[Request], bool]) -> bool:
    """Begins something by a script; whether the page died after so many steps, and not before the request that ends it."""

    def is_end(request: Request) -> bool:
        return request.url.endswith(DYING) or done(request)

    with page.context.expect_event("request", is_end, timeout=SECONDS * 1000) as end:
        page.evaluate(f"window.left = {steps}; setTimeout(() => {{ {act} }})")
    return end.value.url.endswith(DYING)
