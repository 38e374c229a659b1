import type { ComponentChildren } from "preact";
import { useRoute } from "preact-iso";
import { eventId } from "../../domain/identifiers.ts";
import { EVENT_STATUSES, ID_PATTERNS } from "../../generated/documents.ts";
import { t } from "../../i18n/index.ts";
import { useEvents } from "../../state/chapter.ts";
import { type Evening, useEvening } from "../../state/closing.ts";
import { syncState } from "../../state/delivery.ts";
import { changeEvent } from "../../state/records.ts";
import { mayCoordinate } from "../../state/session.ts";
import { Page } from "../page.tsx";
import { Segments } from "../segments.tsx";
import { Declaring } from "./declaring.tsx";
import { Sending } from "./sending.tsx";
import { Sheets } from "./sheets.tsx";
import "../../styles/closing.css";

/** What makes the tally uncertain: phones that usually count and were not heard, and having no connection oneself. */
function Warnings({ evening }: { evening: Evening }) {
  const offline = syncState.value.phase !== "connected";
  if (evening.unheard.length === 0 && !offline) return null;
  return (
    <div class="notice trouble" role="status" data-testid="unheard">
      {evening.unheard.length > 0 && <p>{t("closing-unheard", { n: evening.unheard.length })}</p>}
      {offline && <p>{t("closing-offline")}</p>}
    </div>
  );
}

function Status({ evening: { event } }: { evening: Evening }) {
  return (
    <section class="card">
      <h2>{t("closing-status")}</h2>
      <p class="quiet">{t("closing-status-lead")}</p>
      <Segments
        label={t("closing-status")}
        name="status"
        values={EVENT_STATUSES}
        chosen={event.status}
        naming={(status) => t(`status-${status}`)}
        testid="status"
        onChoose={(status) => void changeEvent(event._id, { status })}
      />
    </section>
  );
}

function Inside({ evening }: { evening: Evening }) {
  return (
    <>
      <Warnings evening={evening} />
      <Sheets evening={evening} />
      {/* Numbers that were declared meanwhile make a new form. */}
      <Declaring key={evening.standing?._id ?? ""} evening={evening} />
      <Sending evening={evening} />
      <p>
        <a
          class="button"
          href={`${location.pathname.replace(/\/closing$/, "")}/press`}
          data-testid="to-press"
        >
          {t("closing-press")}
        </a>
      </p>
      <Status evening={evening} />
    </>
  );
}

interface CoordinatorPageProps {
  title: string;
  back: (ulid: string) => string;
  children: (evening: Evening) => ComponentChildren;
}

/** The frame of what only coordinators see of an evening. */
export function CoordinatorPage({ title, back, children }: CoordinatorPageProps) {
  const { ulid = "" } = useRoute().params;
  const id = eventId(ulid);
  const isEvent = ID_PATTERNS.event.test(id);
  return (
    <Page title={title} back={isEvent ? back(ulid) : "/"}>
      {isEvent && mayCoordinate.value ? (
        <OfEvent id={id} inside={children} />
      ) : (
        <p class="notice">{t(isEvent ? "closing-coordinators" : "event-not-here")}</p>
      )}
    </Page>
  );
}

function OfEvent({ id, inside }: { id: string; inside: CoordinatorPageProps["children"] }) {
  const evening = useEvening(id);
  const isMissing = useEvents()?.every(({ _id }) => _id !== id);
  if (!evening)
    return <p class={isMissing ? "notice" : "quiet"}>{t(isMissing ? "event-not-here" : "app-loading")}</p>;
  return (
    <>
      <p class="event-about">{evening.event.title}</p>
      {inside(evening)}
    </>
  );
}

export default function ClosingPage() {
  return (
    <CoordinatorPage title={t("closing-title")} back={(ulid) => `/app/event/${ulid}`}>
      {(evening) => <Inside evening={evening} />}
    </CoordinatorPage>
  );
}
