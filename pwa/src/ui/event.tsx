import { useRoute } from "preact-iso";
import { eventId, eventUlid, sheetId } from "../domain/identifiers.ts";
import { type EventDocument, ID_PATTERNS } from "../generated/documents.ts";
import { eventTime, inLanguage, t } from "../i18n/index.ts";
import { useEvents } from "../state/chapter.ts";
import { useCount } from "../state/counting.ts";
import { theme } from "../state/register.ts";
import { mayCoordinate, membership } from "../state/session.ts";
import { useSteps } from "../state/steps.ts";
import { Announcement, Numbers, Tallies } from "./count-numbers.tsx";
import { Steps } from "./count-steps.tsx";
import { NotStored, useCounting, useStayAwake } from "./counting.tsx";
import { Declared } from "./declared.tsx";
import { Dock } from "./dock.tsx";
import { Letters } from "./letters.tsx";
import { Page } from "./page.tsx";
import { PaperCard } from "./paper-card.tsx";
import { RowEntry, useRowEntry } from "./row-entry.tsx";
import { ShortcutsHint, useShortcuts } from "./shortcuts.tsx";
import { SyncNotice } from "./sync-notice.tsx";

function About({ event }: { event: EventDocument }) {
  const about = event.theme ? theme(event.theme) : undefined;
  return (
    <>
      <p class="event-about">
        {[eventTime(event), event.place, about && inLanguage(about.name)].filter(Boolean).join(" · ")}
      </p>
      {event.status === "closed" && <p class="notice">{t("event-closed-note")}</p>}
      {event.status === "cancelled" && <p class="notice">{t("event-cancelled-note")}</p>}
    </>
  );
}

function Counting({ event }: { event: EventDocument }) {
  const counted = useCount(event._id);
  const steps = useSteps(sheetId(event._id, membership.value?.device ?? ""));
  const counting = useCounting(event._id);
  const row = useRowEntry();
  const { tap, takeBack } = counting;
  useStayAwake();
  useShortcuts({
    plus: () => tap({ counter: "heads", by: 1 }),
    minus: () => tap({ counter: "heads", by: -1 }),
    undo: () => steps[0] && takeBack(steps[0]),
    row: () => row.ask("heads"),
  });
  if (!counted) return <p class="quiet">{t("app-loading")}</p>;
  return (
    <div class="counting">
      <div class="counting-top">
        <About event={event} />
        <Numbers event={event} counted={counted} />
        <Announcement {...counted.whole} />
        <NotStored event={event._id} counted={counted} counting={counting} />
        <Dock
          own={counted.shown.own}
          last={steps[0]}
          tap={tap}
          takeBack={takeBack}
          askRow={() => row.ask("heads")}
        />
      </div>
      <Letters counted={counted} steps={steps} tap={tap} askRow={row.ask} />
      <div class="counting-rest">
        <Tallies counted={counted} />
        <Declared event={event._id} />
        {mayCoordinate.value && (
          <p>
            <a class="button" href={`/app/event/${eventUlid(event._id)}/closing`} data-testid="to-closing">
              {t("event-close")}
            </a>
          </p>
        )}
        <Steps steps={steps} takeBack={takeBack} />
        <PaperCard ulid={eventUlid(event._id)} papers={counted.papers} />
        <ShortcutsHint />
      </div>
      <RowEntry row={row} own={counted.shown.own} tap={tap} />
    </div>
  );
}

export function EventPage() {
  const { ulid = "" } = useRoute().params;
  const id = eventId(ulid);
  const event = useEvents()?.find(({ _id }) => _id === id);
  return (
    <Page title={event?.title ?? t("events-title")} back="/" wide>
      <SyncNotice />
      {event && ID_PATTERNS.event.test(id) ? (
        <Counting event={event} />
      ) : (
        <p class="notice">{t("event-not-here")}</p>
      )}
    </Page>
  );
}
