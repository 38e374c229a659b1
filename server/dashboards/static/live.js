// Keeps the numbers of an open page current. The server only says that something changed; the page then fetches itself and
// takes over the parts marked data-fresh, so numbers are written in one place: the templates.

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
  const source = new EventSource(`/dashboard/live?since=${encodeURIComponent(main.dataset.live)}`);
  source.addEventListener("open", () => {
    delay = 1000;
    say("live");
  });
  source.addEventListener("change", refresh);
  source.addEventListener("error", () => {
    source.close();
    say("lost");
    // Many pages must not come back in the same moment.
    setTimeout(reconnect, delay * (0.5 + Math.random()));
    delay = Math.min(delay * 2, MOST_DELAY);
  });
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
  main.dataset.live = fresh.querySelector("[data-live]").dataset.live;
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const replacement = fresh.getElementById(part.id);
    if (replacement === null || replacement.innerHTML === part.innerHTML) continue;
    const before = numbers(part);
    part.replaceChildren(...replacement.childNodes);
    numbers(part).forEach((cell, index) => {
      if (before[index]?.textContent !== cell.textContent) cell.classList.add("changed");
    });
  }
}

function numbers(part) {
  return [...part.querySelectorAll(".count, .n")];
}

listen();
