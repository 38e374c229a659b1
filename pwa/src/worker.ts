/**
 * The service worker keeps the built app for use without a network. It decides nothing else: requests for data
 * (`/api`, `/db`) and for the server's own pages (`/dashboard`, `/public`) never pass through it.
 */

declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: string[];
declare const __BUILD__: string;

// A module of its own: otherwise its `self` would be the one of all other files.
export {};

const PREFIX = "app-";
const CACHE = PREFIX + __BUILD__;
const FILES = new Set(__PRECACHE__);
const POLICY = "content-security-policy";

/** The addresses at which the app itself lives; the same as in `server/phone.py` and in `ui/app.tsx`. */
function isAppPage(path: string): boolean {
  return path === "/" || path === "/join" || path.startsWith("/app/");
}

/**
 * Keeps the whole app, or nothing. Where the server changes to another build meanwhile, its page would ask for parts that are not
 * kept here; the browser tries again when it looks for a newer app the next time.
 */
async function keepEverything(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([...FILES].map((file) => new Request(file, { cache: "reload" })));
  const page = (await (await cache.match("/"))?.text()) ?? "";
  const parts = [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, part = ""]) => part);
  if (parts.every((part) => FILES.has(part))) return;
  await caches.delete(CACHE);
  throw new Error("the server has changed to another build");
}

/** Lies in the cache of a build that has taken over; no other one has had pages. */
const USED = "/used";

/** The build that was in use before this one stays: pages of it may be open still, and ask for parts they have not loaded yet. */
async function dropOlderBuilds(): Promise<void> {
  const older = (await caches.keys()).filter((name) => name !== CACHE);
  const marks = await Promise.all(older.map((cacheName) => caches.match(USED, { cacheName })));
  // Builds from before there were marks have none.
  const before = older.findLast((_, index) => marks[index]) ?? older.at(-1);
  await Promise.all(older.filter((name) => name !== before).map((name) => caches.delete(name)));
  await (await caches.open(CACHE)).put(USED, new Response());
}

async function fromCache(path: string, request: Request): Promise<Response> {
  // Asked in this way, a cache that was wiped is not made again.
  return (await caches.match(path, { cacheName: CACHE })) ?? (await caches.match(path)) ?? fetch(request);
}

/** Whether a file is a part of some build: their names say what is in them, so a part of an older one is never a wrong one. */
function isPart(path: string): boolean {
  return FILES.has(path) || path.startsWith("/assets/");
}

/**
 * Where the app may ask is said by the page's policy, as it was when the app was kept. This takes over the one the server gives
 * now, and nothing else: the page itself must stay the one that goes with the other kept files.
 */
async function renewPolicy(): Promise<void> {
  const cache = await caches.open(CACHE);
  const [kept, fresh] = await Promise.all([cache.match("/"), fetch("/", { cache: "reload" })]);
  const policy = fresh.headers.get(POLICY);
  if (!kept || !fresh.ok || !policy) return;
  const headers = new Headers(kept.headers);
  headers.set(POLICY, policy);
  // What is kept is unpacked already.
  headers.delete("content-encoding");
  headers.delete("content-length");
  await cache.put("/", new Response(await kept.blob(), { headers }));
}

self.addEventListener("install", (event) => event.waitUntil(keepEverything()));

// Claiming makes the very first visit work without a network; later builds take over only when a page says it is idle.
self.addEventListener("activate", (event) =>
  event.waitUntil(dropOlderBuilds().then(() => self.clients.claim())),
);

self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
  if (event.data === "renew policy") event.waitUntil(renewPolicy());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (isAppPage(url.pathname)) event.respondWith(fromCache("/", event.request));
  } else if (isPart(url.pathname)) {
    event.respondWith(fromCache(url.pathname, event.request));
  }
});
