/**
 * Runs Lighthouse as a phone with a slow network and a slow processor (simulated) would load the pages.
 *
 *     node lighthouse.mjs <port of the browser> <keep|forget> <how many times slower the phone is> <address>
 *
 * Prints `{"scores": {"performance": 0.99, …}, "faults": {"performance": ["largest-contentful-paint: 2.9 s", …], …},
 * "speed": 1500}`, where `speed` is Lighthouse's own measure of this machine, taken in the same run. `keep` leaves the browser's
 * storage as it is, so that the app is a joined one; `forget` is a first visit.
 */

import lighthouse from "lighthouse";
import { throttling } from "lighthouse/core/config/constants.js";
import standard from "lighthouse/core/config/default-config.js";

const [port, storage, slowdown, address] = process.argv.slice(2);
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const parts = CATEGORIES.flatMap((category) => standard.categories[category].auditRefs);
const counting = new Set(parts.filter(({ weight }) => weight > 0).map(({ id }) => id));

const { lhr, artifacts } = await lighthouse(address, {
  port: Number(port),
  output: "json",
  logLevel: "error",
  onlyCategories: CATEGORIES,
  // What costs no points takes as long as what does: the page is photographed whole, left and come back to.
  skipAudits: parts.map(({ id }) => id).filter((id) => !counting.has(id)),
  disableFullPageScreenshot: true,
  // The rest of the simulated phone is Lighthouse's default: a slow 4G line.
  throttling: { ...throttling.mobileSlow4G, cpuSlowdownMultiplier: Number(slowdown) },
  // A phone that has joined listens to the server for ever, so its network never falls silent.
  maxWaitForLoad: 10_000,
  disableStorageReset: storage === "keep",
  clearStorageTypes: ["all"], // Lighthouse itself would leave the databases, and with them the phone that has joined
});
if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
if (storage === "forget" && artifacts.DevtoolsLog.some(({ params }) => params.request?.url.includes("/db/")))
  throw new Error("the phone has still joined, so this was no first visit");

/** The audits of a category that cost it points, in the words of Lighthouse. */
function faults(category) {
  return category.auditRefs
    .filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 1)
    .map(({ id }) => {
      const { displayValue, details } = lhr.audits[id];
      const where = (details?.items ?? []).map(({ node, description }) => node?.snippet ?? description);
      return [id, displayValue, ...where].filter(Boolean).join(": ");
    });
}

const categories = Object.values(lhr.categories);
const answer = {
  scores: Object.fromEntries(categories.map(({ id, score }) => [id, score])),
  speed: lhr.environment.benchmarkIndex,
  faults: Object.fromEntries(categories.map((category) => [category.id, faults(category)])),
};
process.stdout.write(JSON.stringify(answer));
