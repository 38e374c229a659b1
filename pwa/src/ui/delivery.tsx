import { useEffect, useState } from "preact/hooks";
import { paperNumber, spelt } from "../domain/paper.ts";
import type { EventDocument } from "../generated/documents.ts";
import { dotted, formatAge, formatList, formatNumber, formatSize, type PlainKey, t } from "../i18n/index.ts";
import { useEvents } from "../state/chapter.ts";
import {
  retry,
  syncState,
  unsentCounts,
  unsentSince,
  unsentTotal,
  type Written,
  written,
} from "../state/delivery.ts";
import { exportUnsent } from "../state/export.ts";
import { meter, usageInAll } from "../state/line.ts";
import type { Progress } from "../sync/deliveries.ts";
import { Icon, type IconName } from "./icons.tsx";
import { Page } from "./page.tsx";
import { SyncNotice } from "./sync-notice.tsx";
import { WhyRefused } from "./why.tsx";

const PICTURES: Record<Progress, IconName> = {
  phone: "waiting",
  server: "sent",
  counted: "sent",
  national: "sent",
  refused: "refused",
};

function title({ document }: Written, events: readonly EventDocument[]): string {
  if (document.type === "report" || document.type === "reply") return t(`records-${document.type}`);
  const event = document.type === "event" ? document._id : document.event;
  const name = events.find(({ _id }) => _id === event)?.title ?? t("records-unknown-event");
  if (document.type === "sheet" && document.paper)
    return t("records-paper", { number: spelt(paperNumber(document.device)), event: name });
  return t(`records-${document.type}`, { event: name });
}

function Record({ record, events }: { record: Written; events: readonly EventDocument[] }) {
  const { progress, unsent, delivery } = record;
  return (
    <li class={`record ${progress}`} data-testid="record" data-progress={progress}>
      <Icon name={PICTURES[progress]} />
      <div class="line-words">
        <p>{title(record, events)}</p>
        <p class="quiet">
          {dotted([t(`progress-${progress}`), unsent > 0 && t("unsent-counting", { n: unsent })])}
        </p>
        {progress === "refused" && delivery.refused && (
          <p class="reason">
            <WhyRefused why={delivery.refused} />
          </p>
        )}
      </div>
    </li>
  );
}

function Records({ records, events }: { records: readonly Written[]; events: readonly EventDocument[] }) {
  return (
    <ul class="records">
      {records.map((record) => (
        <Record key={record.delivery._id} record={record} events={events} />
      ))}
    </ul>
  );
}

const PHASES: Record<Exclude<ReturnType<typeof phaseNow>, "refused">, PlainKey> = {
  off: "sync-off",
  connecting: "sync-connecting",
  connected: "sync-connected",
  waiting: "sync-waiting",
};

function phaseNow() {
  return syncState.value.phase;
}

/** Renders anew each minute, so that an age stays true. */
function useMinutes(): void {
  const [, setNow] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
}

/** "14 letters and 3 people not yet delivered, the oldest for 2 h", in the words of the language. */
function statusLine(): string {
  const taps = unsentTotal.value;
  if (taps === 0) return t("unsent-all-sent");
  const { letters, heads } = unsentCounts.value;
  const parts = [
    ...(letters > 0 ? [t("unsent-letters", { n: letters })] : []),
    ...(heads > 0 ? [t("unsent-heads", { n: heads })] : []),
  ];
  const what = parts.length > 0 ? formatList(parts) : t("unsent-taps", { n: taps });
  const since = unsentSince.value;
  return since
    ? t("unsent-line", { what, age: formatAge(Date.now() - since) })
    : t("unsent-line-new", { what });
}

function Summary() {
  useMinutes();
  const phase = phaseNow();
  return (
    <section class="card summary">
      <p class="numeral small">{formatNumber(unsentTotal.value)}</p>
      <div>
        <p data-testid="unsent-line">{statusLine()}</p>
        <p class="quiet" role="status" data-testid="sync-phase" data-phase={phase}>
          {phase === "refused" ? t("sync-refused-short") : t(PHASES[phase])}
        </p>
      </div>
    </section>
  );
}

function Traffic() {
  const now = meter.usage.value;
  const inAll = usageInAll.value;
  return (
    <section class="card">
      <h2>{t("traffic-title")}</h2>
      <dl class="facts stacked" data-testid="traffic" data-sent={inAll.sent} data-received={inAll.received}>
        <dt>{t("traffic-now")}</dt>
        <dd>{t("traffic-both", { sent: formatSize(now.sent), received: formatSize(now.received) })}</dd>
        <dt>{t("traffic-in-all")}</dt>
        <dd>{t("traffic-both", { sent: formatSize(inAll.sent), received: formatSize(inAll.received) })}</dd>
      </dl>
      <p class="quiet">{t("traffic-about")}</p>
    </section>
  );
}

export function DeliveryPage() {
  const events = useEvents() ?? [];
  const refused = written.value.filter(({ progress }) => progress === "refused");
  // The latest event first, its count above the event itself.
  const others = written.value
    .filter(({ progress }) => progress !== "refused")
    .sort((a, b) => newest(b).localeCompare(newest(a)));
  return (
    <Page title={t("records-title")} back="/">
      <SyncNotice />
      <Summary />
      <p class="quiet">{t("records-lead")}</p>
      {refused.length > 0 && (
        <section class="card">
          <h2>{t("records-quarantine")}</h2>
          <p class="quiet">{t("records-quarantine-lead")}</p>
          <Records records={refused} events={events} />
          <button class="button" type="button" onClick={retry}>
            {t("records-retry")}
          </button>
        </section>
      )}
      {(others.length > 0 || refused.length === 0) && (
        <section class="card">
          <h2>{t("records-own")}</h2>
          {others.length === 0 && <p class="quiet">{t("records-empty")}</p>}
          <Records records={others} events={events} />
        </section>
      )}
      <section class="card">
        <h2>{t("records-by-hand")}</h2>
        <p class="quiet">{t("records-by-hand-lead")}</p>
        <a class="button" href="/app/courier" data-testid="courier">
          {t("records-by-hand-open")}
        </a>
      </section>
      <Traffic />
      <section class="card">
        <p class="quiet">{t("records-export-lead")}</p>
        <button
          class="button"
          type="button"
          disabled={unsentTotal.value === 0}
          data-testid="export"
          onClick={exportUnsent}
        >
          {unsentTotal.value > 0 ? t("records-export") : t("records-export-nothing")}
        </button>
      </section>
    </Page>
  );
}

function newest({ document }: Written): string {
  if (document.type === "event") return `${document._id} event`;
  return "event" in document && document.event ? `${document.event} ${document.type}` : document._id;
}
