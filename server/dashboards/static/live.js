// Keeps the numbers of an open page current. Numbers are written in one place, the templates: either the server sends the parts of
// the page that changed, or it says that something did, and the page fetches itself and takes over the parts marked data-fresh.
//
// Nothing that somebody looks at moves by itself. A row more or less (marked data-row) would push what is below it, so a part that
// is in sight keeps its rows, with the numbers of now, until the button that says so is pressed; one further down takes them at once.

const MOST_DELAY = 30_000;
const main = document.querySelector("[data-live]");
const line = document.querySelector("[data-connection]");
const arrived = document.querySelector("[data-arrived]");
// What the parts that wait will be, by their id.
const waiting = new Map();
// Whether the page has other parts than those it is shown with.
let outgrown = false;

let delay = 1000;
let refreshing = false;
let again = false;

function say(state) {
  line.dataset.connection = state;
  const text = line.dataset[`${state}Text`];
  if (line.textContent !== text) line.textContent = text;
}

function listen() {
  const source = new EventSource(`/dashboard/live?${asked()}`);
  source.addEventListener("open", () => {
    delay = 1000;
    say("live");
  });
  source.addEventListener("change", refresh);
  source.addEventListener("parts", (event) => {
    const { made, parts } = JSON.parse(event.data);
    main.dataset.made = made;
    for (const [id, html] of Object.entries(parts)) replace(document.getElementById(id), html);
    tell();
  });
  source.addEventListener("error", () => {
    source.close();
    say("lost");
    // Many pages must not come back in the same moment.
    setTimeout(reconnect, delay * (0.5 + Math.random()));
    delay = Math.min(delay * 2, MOST_DELAY);
  });
}

function asked() {
  const { live, board, made } = main.dataset;
  if (board === undefined) return new URLSearchParams({ since: live });
  const asked = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries({ since: live, page: board, made })) asked.set(name, value);
  return asked;
}

async function reconnect() {
  if (await refresh()) listen();
}

// Whether to go on listening; a page whose session has ended does not.
async function refresh() {
  if (refreshing) {
    again = true;
    return true;
  }
  refreshing = true;
  try {
    do {
      again = false;
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) {
        say("ended");
        return false;
      }
      if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } while (again);
  } catch {
    // Not reachable just now; the stream notices too, and comes back here.
  } finally {
    refreshing = false;
  }
  return true;
}

function take(fresh) {
  const { live, made } = fresh.querySelector("[data-live]").dataset;
  main.dataset.live = live;
  if (made !== undefined) main.dataset.made = made;
  const shown = [...document.querySelectorAll("[data-fresh]")];
  // A part more or less (a new chapter) means another page, which is rare: it is to be read again.
  outgrown ||= made !== undefined && shown.length !== fresh.querySelectorAll("[data-fresh]").length;
  for (const part of shown) {
    const replacement = fresh.getElementById(part.id);
    if (replacement !== null) replace(part, replacement.innerHTML);
  }
  tell();
}

function replace(part, html) {
  if (part === null) return;
  waiting.delete(part.id);
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  if (isSeen(part) && names(part).join() !== names(fresh.content).join()) {
    waiting.set(part.id, html);
    for (const row of rows(part)) {
      const now = rows(fresh.content).find((one) => one.dataset.row === row.dataset.row);
      if (now !== undefined) put(row, now.innerHTML);
    }
  } else put(part, html);
}

// Whether rows that come into a part would move something that is in sight: itself, or what is below it.
function isSeen(part) {
  return !document.hidden && part.getBoundingClientRect().top < window.innerHeight;
}

function rows(part) {
  return [...part.querySelectorAll("[data-row]")];
}

function names(part) {
  return rows(part).map((row) => row.dataset.row);
}

function tell() {
  arrived.hidden = waiting.size === 0 && !outgrown;
}

arrived.addEventListener("click", () => {
  if (outgrown) return location.reload();
  const parts = [...waiting.keys()].map((id) => document.getElementById(id));
  for (const part of parts) put(part, waiting.get(part.id));
  waiting.clear();
  tell();
  // The button is gone; the keyboard goes on where the news is.
  parts[0].tabIndex = -1;
  parts[0].focus({ preventScroll: true });
});

function put(part, html) {
  if (part.innerHTML === html) return;
  const before = new Map([...numbers(part)].map(([place, cell]) => [place, cell.textContent]));
  const open = [...part.querySelectorAll("details")].map((details) => details.open);
  const chosen = [...part.querySelectorAll("input:checked")].map(selector);
  const focused = part.contains(document.activeElement) ? selector(document.activeElement) : null;
  part.innerHTML = html;
  for (const one of chosen) for (const input of part.querySelectorAll(one)) input.checked = true;
  if (focused !== null) part.querySelector(focused)?.focus();
  part.querySelectorAll("details").forEach((details, index) => {
    details.open = open[index] ?? false;
  });
  for (const [place, cell] of numbers(part)) if (before.get(place) !== cell.textContent) cell.classList.add("changed");
}

// What finds the same field of the same form, or the same link, in another making of a page.
function selector(element) {
  const marked = (one, ...marks) =>
    marks
      .filter((mark) => one.hasAttribute(mark))
      .map((mark) => `[${mark}="${CSS.escape(one.getAttribute(mark))}"]`)
      .join("");
  const within = element.form ? `form${marked(element.form, "action")} ` : "";
  return within + element.localName + marked(element, "name", "value", "href");
}

// The numbers of a part by their places: which of the numbers of which row.
function numbers(part) {
  const found = new Map();
  const met = {};
  for (const cell of part.querySelectorAll(".count, .n")) {
    const row = cell.closest("[data-row]")?.dataset.row ?? "";
    met[row] = (met[row] ?? 0) + 1;
    found.set(`${row} ${met[row]}`, cell);
  }
  return found;
}

listen();
