import { useRoute } from "preact-iso";
import { value } from "../domain/counting.ts";
import { eventId, eventUlid } from "../domain/identifiers.ts";
import type { Step } from "../domain/steps.ts";
import { type EventDocument, ID_PATTERNS, type Line } from "../generated/documents.ts";
import { dotted, eventTime, inLanguage, t } from "../i18n/index.ts";
import { useEvents } from "../state/chapter.ts";
import { type Count, useCount } from "../state/counting.ts";
import { theme } from "../state/register.ts";
import { useSame } from "../state/same.ts";
import { mayCoordinate } from "../state/session.ts";
import { useSteps } from "../state/steps.ts";
import { Announcement, Numbers, Tallies } from "./count-numbers.tsx";
import { Steps } from "./count-steps.tsx";
import { type Counting, NotStored, useCounting, useStayAwake } from "./counting.tsx";
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
      <p class="event-about">{dotted([eventTime(event), event.place, about && inLanguage(about.name)])}</p>
      {event.status === "closed" && <p class="notice">{t("event-closed-note")}</p>}
      {event.status === "cancelled" && <p class="notice">{t("event-cancelled-note")}</p>}
    </>
  );
}

/** Who was written to, the latest first. */
function useRecent(steps: readonly Step[], letters: readonly Line[]): readonly string[] {
  const stepped = steps.map(({ counter }) => (counter === "heads" ? null : counter.to));
  const counted = letters.map(({ to }) => to).reverse();
  const recent = [...new Set([...stepped, ...counted])].filter((to) => to !== null);
  return useSame(recent, recent.join());
}

interface BoardProps {
  event: EventDocument;
  counted: Count;
  counting: Counting;
}

/** Every part gets only what it shows: a tap on +1 draws the number anew, and not eighty letters below it. */
function Board({ event, counted, counting }: BoardProps) {
  const steps = useSteps(counted.own._id);
  const row = useRowEntry();
  const { attempts, shown } = counted;
  const recent = useRecent(steps, shown.own.letters);
  const ofLetters = attempts.filter(({ tap }) => tap.counter !== "heads");
  const { tap, takeBack } = counting;
  useShortcuts({
    plus: () => tap({ counter: "heads", by: 1 }),
    minus: () => tap({ counter: "heads", by: -1 }),
    undo: () => steps[0] && takeBack(steps[0]),
    row: () => row.ask("heads"),
  });
  return (
    <div class="counting">
      <div class="counting-top">
        <About event={event} />
        <Numbers event={event} whole={shown.whole} attempts={attempts} />
        <Announcement heads={counted.whole.heads} written={counted.whole.written} />
        <NotStored attempts={attempts} counting={counting} />
        <Dock heads={value(shown.own.heads)} last={steps[0]} tap={tap} takeBack={takeBack} askRow={row.ask} />
      </div>
      <Letters
        stored={counted.own.letters}
        lines={shown.own.letters}
        attempts={useSame(ofLetters, ofLetters.map(({ id, failed }) => `${id}${failed}`).join())}
        recent={recent}
        tap={tap}
        askRow={row.ask}
      />
      <div class="counting-rest">
        <Tallies
          ownTally={counted.ownTally}
          whole={counted.whole}
          sheets={counted.sheets}
          papers={counted.papers}
        />
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
      <RowEntry row={row} own={shown.own} tap={tap} />
    </div>
  );
}

function CountingAt({ event }: { event: EventDocument }) {
  const counted = useCount(event._id);
  const counting = useCounting(event._id);
  useStayAwake();
  if (!counted) return <p class="quiet">{t("app-loading")}</p>;
  return <Board event={event} counted={counted} counting={counting} />;
}

export function EventPage() {
  const { ulid = "" } = useRoute().params;
  const id = eventId(ulid);
  const events = useEvents();
  const event = events?.find(({ _id }) => _id === id);
  return (
    <Page title={event?.title ?? t("events-title")} back="/" wide>
      <SyncNotice />
      {event && ID_PATTERNS.event.test(id) ? (
        <CountingAt event={event} />
      ) : (
        <p class={events ? "notice" : "quiet"}>{t(events ? "event-not-here" : "app-loading")}</p>
      )}
    </Page>
  );
}
