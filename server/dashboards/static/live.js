// Keeps the numbers of an open page current. Numbers are written in one place, the templates: either the server sends the parts of
// the page that changed, or it says that something did, and the page fetches itself and takes over the parts marked data-fresh.

const MOST_DELAY = 30_000;
const main = document.querySelector("[data-live]");
const line = document.querySelector("[data-connection]");

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
  // A part more or less (a new chapter) means another page; it is read again, which is rare.
  if (made !== undefined && shown.length !== fresh.querySelectorAll("[data-fresh]").length) return location.reload();
  for (const part of shown) {
    const replacement = fresh.getElementById(part.id);
    if (replacement !== null) replace(part, replacement.innerHTML);
  }
}

function replace(part, html) {
  if (part === null || part.innerHTML === html) return;
  const before = numbers(part);
  const open = [...part.querySelectorAll("details")].map((details) => details.open);
  const chosen = [...part.querySelectorAll("input:checked")].map(selector);
  const focused = part.contains(document.activeElement) ? selector(document.activeElement) : null;
  part.innerHTML = html;
  for (const one of chosen) for (const input of part.querySelectorAll(one)) input.checked = true;
  if (focused !== null) part.querySelector(focused)?.focus();
  part.querySelectorAll("details").forEach((details, index) => {
    details.open = open[index] ?? false;
  });
  numbers(part).forEach((cell, index) => {
    if (before[index]?.textContent !== cell.textContent) cell.classList.add("changed");
  });
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

function numbers(part) {
  return [...part.querySelectorAll(".count, .n")];
}

listen();
