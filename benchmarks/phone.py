"""How long a tap takes to the disk, and a name to be found, on a phone four times slower than this machine.

    python benchmarks/phone.py [--taps 200] [--every 250] [--prisoners 2000] [--throttle 4] [--out FILE]

tap        from the click on +1 to the number that is drawn as stored: IndexedDB has reported the transaction complete under
           `durability: "strict"`, and the page has been told. People come `--every` so many milliseconds.
burst      the same, each tap as soon as the one before is stored: faster than any hand
search     from a letter typed to the names it finds being drawn, over a register of invented people, letter by letter

Chromium slows its page down itself (DevTools' CPU throttling); disk and server are this machine's. JSON out: milliseconds.
"""

import argparse
import json
import os
import platform
import random
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from server.domain.identifiers import new_ulid, prisoner_id
from tests.e2e.conftest import CHROMIUM
from tests.e2e.stage import EVENT, Otkrytka, evening_in_moscow

FIRST = ("Пётр", "Анна", "Семён", "Мария", "Алексей", "Юлия", "Харитон", "Татьяна", "Евгений", "Ольга")
SYLLABLES = ("ва", "ро", "щу", "кин", "бе", "ля", "цов", "жу", "хо", "мы", "сев", "гра", "ток", "нё", "дыл")
TYPED = ("Харитон ва", "semyon ro", "щукин", "yuliya", "ctdcr", "Tatyana ho")

TAP = """() => new Promise((over) => {
  const number = document.querySelector("[data-testid=heads-value]");
  const begun = performance.now();
  const look = new MutationObserver(() => {
    if (number.dataset.keeping !== "stored") return;
    look.disconnect();
    over(performance.now() - begun);
  });
  look.observe(number, { attributes: true });
  document.querySelector("[data-testid=heads-plus]").click();
})"""

TYPE = """(text) => new Promise((over) => {
  const field = document.querySelector("[data-testid=letter-search]");
  field.focus();
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, text);
  const begun = performance.now();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  // The second frame begins when what the first one drew is done.
  requestAnimationFrame(() => requestAnimationFrame(() => over(performance.now() - begun)));
})"""


def register(server: Otkrytka, count: int) -> None:
    """Fills the register with people of made-up names, one in ten without an English spelling."""
    chance = random.Random(2000)
    people = []
    for _ in range(count):
        surname = "".join(chance.choices(SYLLABLES, k=3)).capitalize()
        body = {"type": "prisoner", "schema": 1, "status": "detained", "invented": True}
        people.append({"_id": prisoner_id(new_ulid()), **body, "name": {"ru": f"{chance.choice(FIRST)} {surname}"}})
    with server.join("national") as national:
        for start in range(0, count, 200):
            national.post("/db/register/_bulk_docs", json={"docs": people[start : start + 200]}).raise_for_status()


def open_evening(page: Page, server: Otkrytka) -> None:
    page.goto(server.invite("volunteer", "moscow")["url"])
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("not-ready")).to_have_count(0, timeout=60_000)
    page.locator(f"[data-event='{EVENT['_id']}']").click()
    expect(page.get_by_test_id("heads-plus")).to_be_visible()


def measure(page: Page, taps: int, every: float) -> dict[str, list[float]]:
    """Counts and searches like a person does, one thing after the other."""
    tapped = []
    for _ in range(taps):
        tapped.append(page.evaluate(TAP))
        page.wait_for_timeout(every)
    burst = [page.evaluate(TAP) for _ in range(taps)]
    letters = [typed[:length] for typed in TYPED for length in range(1, len(typed) + 1)]
    return {"tap": tapped, "burst": burst, "search": [page.evaluate(TYPE, letter) for letter in letters]}


def summary(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    figures = {"median": cuts[49], "p95": cuts[94], "most": max(times)}
    return {"count": len(times), **{name: round(value, 1) for name, value in figures.items()}}


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    with evening_in_moscow(folder) as server:
        register(server, options.prisoners)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
            page = context.new_page()
            open_evening(page, server)
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": options.throttle})
            times = measure(page, options.taps, options.every)
            browser.close()
    return {name: summary(values) for name, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--taps", type=int, default=200)
    parser.add_argument("--every", type=float, default=250)
    parser.add_argument("--prisoners", type=int, default=2000)
    parser.add_argument("--throttle", type=float, default=4)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        found = run(options, Path(folder))
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load_before": round(load, 1)}
    asked = {"every": options.every, "prisoners": options.prisoners, "throttle": options.throttle}
    report = json.dumps({"machine": machine, "asked": asked, "milliseconds": found}, indent=2)
    if options.out:
        options.out.write_text(report + "\n", encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
