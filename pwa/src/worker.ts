/**
 * The service worker keeps the built app for use without a network. It decides nothing else: requests for data
 * (`/api`, `/db`) and for the server's own pages (`/dashboard`, `/public`) never pass through it.
 */

declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: string[];
declare const __BUILD__: string;

// A module of its own: otherwise its `self` would be the one of all other files.
export {};

const PREFIX = "otkrytka-app-";
const CACHE = PREFIX + __BUILD__;
const FILES = new Set(__PRECACHE__);

/** The addresses at which the app itself lives; the same list as in the README. */
function isAppPage(path: string): boolean {
  return path === "/" || path === "/join" || path.startsWith("/app/");
}

async function keepEverything(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([...FILES].map((file) => new Request(file, { cache: "reload" })));
}

async function dropOlderBuilds(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
}

async function fromCache(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keepEverything()));

// Claiming makes the very first visit work without a network; later builds take over only when a page says it is idle.
self.addEventListener("activate", (event) =>
  event.waitUntil(dropOlderBuilds().then(() => self.clients.claim())),
);

self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (isAppPage(url.pathname)) event.respondWith(fromCache("/", event.request));
  } else if (FILES.has(url.pathname)) {
    event.respondWith(fromCache(url.pathname, event.request));
  }
});
