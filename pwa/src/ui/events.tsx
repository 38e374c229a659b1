import { useState } from "preact/hooks";
import { eventUlid } from "../domain/identifiers.ts";
import { type Phase, phase } from "../domain/time.ts";
import type { EventDocument } from "../generated/documents.ts";
import { dotted, eventTime, formatNumber, inLanguage, type PlainKey, postmark, t } from "../i18n/index.ts";
import { guarded } from "../safety/vault.ts";
import { useEvents } from "../state/chapter.ts";
import { useCount } from "../state/counting.ts";
import { install, installPrompt } from "../state/device.ts";
import { names, registerRead, theme } from "../state/register.ts";
import { chapter } from "../state/session.ts";
import { kept } from "../state/updates.ts";
import { chapterName } from "./chapter-name.ts";
import { Icon } from "./icons.tsx";
import { Page } from "./page.tsx";
import { SyncNotice } from "./sync-notice.tsx";

function Counts({ event }: { event: string }) {
  const count = useCount(event);
  if (!count || (count.whole.heads === 0 && count.whole.written === 0)) return null;
  return (
    <p class="event-counts">
      <span>
        {t("figure-heads")} <b>{formatNumber(count.whole.heads)}</b>
      </span>
      <span>
        {t("figure-letters")} <b>{formatNumber(count.whole.written)}</b>
      </span>
    </p>
  );
}

/** What has been over for a day is not under way any more, only not closed yet. */
function standing({ status }: EventDocument, when: Phase): string {
  return status === "open" && when === "past" ? t("events-unclosed") : t(`status-${status}`);
}

function EventItem({ event, when }: { event: EventDocument; when: Phase }) {
  const mark = postmark(event);
  const about = event.theme ? theme(event.theme) : undefined;
  return (
    <li>
      <a
        class={`event-item ${when}`}
        href={`/app/event/${eventUlid(event._id)}`}
        data-testid="event-item"
        data-event={event._id}
      >
        <p class="postmark" aria-hidden="true">
          <b>{mark.day}</b>
          <span>{mark.month}</span>
        </p>
        <div class="event-words">
          <h3>{event.title}</h3>
          <p>{dotted([eventTime(event), event.place])}</p>
          <p class="tags">
            {event.status !== "planned" && <span class="tag">{standing(event, when)}</span>}
            {event.kind === "exhibition" && <span class="tag">{t("events-exhibition")}</span>}
            {about && <span class="tag quiet">{inLanguage(about.name)}</span>}
          </p>
          <Counts event={event._id} />
        </div>
        <Icon name="forward" />
      </a>
    </li>
  );
}

const SECTIONS: readonly { when: Phase; title: PlainKey }[] = [
  { when: "now", title: "events-now" },
  { when: "ahead", title: "events-ahead" },
  { when: "past", title: "events-past" },
];

function InstallCard() {
  const [shown, setShown] = useState(true);
  if (!installPrompt.value || !shown) return null;
  return (
    <section class="card" data-testid="install">
      <div class="row-head">
        <p>{t("settings-install-lead")}</p>
        <button class="bar-button" type="button" onClick={() => setShown(false)} aria-label={t("app-cancel")}>
          <Icon name="clear" />
        </button>
      </div>
      <button class="button" type="button" onClick={() => void install()}>
        {t("settings-install")}
      </button>
    </section>
  );
}

function EventList({ events }: { events: readonly EventDocument[] }) {
  const now = Date.now();
  return (
    <>
      {SECTIONS.map(({ when, title }) => {
        const here = events.filter((event) => phase(event, now) === when);
        // What comes next stands first; what is over, the latest first.
        if (when === "ahead") here.reverse();
        return (
          here.length > 0 && (
            <section key={when} class="event-section">
              <h2>{t(title)}</h2>
              <ul class="event-list">
                {here.map((event) => (
                  <EventItem key={event._id} event={event} when={when} />
                ))}
              </ul>
            </section>
          )
        );
      })}
    </>
  );
}

/** After joining: whether one may leave the network already. Who was told to wait is told when it is over, in the same place. */
function Readiness() {
  const ready = kept.value === "yes" && names.value.size > 0;
  const [waited] = useState(!ready);
  if (kept.value === "impossible") return <p class="notice">{t("events-cannot-keep")}</p>;
  if (!waited) return null;
  const both = [
    { key: "not-ready", text: t("events-not-ready"), shown: !ready },
    { key: "ready", text: t("events-ready"), shown: ready },
  ];
  // Both keep their room: what follows must not move while a thumb is aiming at it.
  return (
    <p class="notice turns" role="status">
      {both.map(({ key, text, shown }) => (
        <span key={key} aria-hidden={!shown} data-testid={shown ? key : undefined}>
          {text}
        </span>
      ))}
    </p>
  );
}

function NoEvents() {
  return (
    <section class="card empty">
      <h2>{t("events-empty")}</h2>
      <p>{t("events-empty-lead")}</p>
    </section>
  );
}

/** A phone without a passphrase is said to be one until somebody chooses. */
function Unguarded() {
  if (guarded.value) return null;
  return (
    <aside class="notice" data-testid="unguarded">
      <p>{t("lock-none")}</p>
      <a class="button" href="/app/safety">
        {t("lock-choose")}
      </a>
    </aside>
  );
}

export function EventsPage() {
  const events = useEvents();
  const title = t("events-title");
  const over = chapterName(chapter.value ?? "");
  // All at once, when everything has been read: what comes later would push away what a thumb is aiming at.
  if (!events || !registerRead.value) return <Page title={title} over={over} />;
  return (
    <Page title={title} over={over}>
      <SyncNotice />
      <Readiness />
      {events.length === 0 ? <NoEvents /> : <EventList events={events} />}
      <nav class="row">
        <a class="button" href="/app/fair" data-testid="fair-open">
          <Icon name="letter" />
          {t("events-fair")}
        </a>
      </nav>
      <Unguarded />
      <InstallCard />
      {chapter.value ? (
        <p class="bottom-action">
          <a class="button primary" href="/app/new" data-testid="new-event">
            <Icon name="plus" />
            {t("events-new")}
          </a>
        </p>
      ) : (
        <p class="notice">{t("events-no-chapter")}</p>
      )}
    </Page>
  );
}
