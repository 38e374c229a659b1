import { useEffect, useState } from "preact/hooks";
import { useRoute } from "preact-iso";
import { eventId } from "../domain/identifiers.ts";
import { SheetFull, type Tap } from "../domain/taps.ts";
import { type EventDocument, ID_PATTERNS } from "../generated/documents.ts";
import { eventTime, formatNumber, inLanguage, t } from "../i18n/index.ts";
import { type Count, count, lastTap, undo, useCount, useEvents } from "../state/chapter.ts";
import { theme } from "../state/register.ts";
import { Declared } from "./declared.tsx";
import { Icon } from "./icons.tsx";
import { Letters } from "./letters.tsx";
import { Page } from "./page.tsx";
import { recipientName } from "./people.ts";
import { Stamp } from "./stamp.tsx";
import { SyncNotice } from "./sync-notice.tsx";

const FELT_PLUS = 12;
const FELT_MINUS = [10, 40, 10];

function useCounting(event: string) {
  const [problem, setProblem] = useState("");
  const attempt = async (work: () => Promise<void>, felt: number | number[]) => {
    try {
      await work();
      setProblem("");
      // Felt only once it is stored.
      navigator.vibrate?.(felt);
    } catch (error) {
      const reason =
        error instanceof SheetFull ? t("event-full") : error instanceof Error ? error.message : String(error);
      setProblem(t("event-not-saved", { reason }));
    }
  };
  return {
    problem,
    tap: (tap: Tap) => void attempt(() => count(event, tap), tap.by === 1 ? FELT_PLUS : FELT_MINUS),
    takeBack: () => void attempt(() => undo(event), FELT_MINUS),
  };
}

/** The two sides of a postcard: people left of the line, letters right of it. */
function Numbers({ event, counted }: { event: EventDocument; counted: Count }) {
  const { whole } = counted;
  return (
    <article class="postcard numbers">
      <div class="side">
        <h2>{t("figure-heads")}</h2>
        <p class="numeral" data-testid="heads-value">
          {formatNumber(whole.heads)}
        </p>
      </div>
      <div class="side">
        <h2>{t("figure-letters")}</h2>
        <p class="numeral" data-testid="letters-value">
          {formatNumber(whole.written)}
        </p>
      </div>
      <Stamp event={event} />
    </article>
  );
}

/** Says the numbers aloud a moment after the last tap, not at every one. */
function Announcement({ heads, letters }: { heads: number; letters: number }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSaid(t("event-announce", { heads, letters })), 700);
    return () => clearTimeout(timer);
  }, [heads, letters]);
  return (
    <p class="unseen" role="status" aria-live="polite">
      {said}
    </p>
  );
}

function Tallies({ counted: { ownTally, whole, sheets } }: { counted: Count }) {
  return (
    <table class="tallies">
      {sheets > 0 && <caption>{t("event-whole-hint", { n: sheets })}</caption>}
      <thead>
        <tr>
          <td />
          <th scope="col">{t("figure-heads")}</th>
          <th scope="col">{t("figure-letters")}</th>
          <th scope="col">{t("figure-recipients")}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{t("event-own")}</th>
          <td data-testid="own-heads">{formatNumber(ownTally.heads)}</td>
          <td data-testid="own-letters">{formatNumber(ownTally.written)}</td>
          <td data-testid="own-recipients">{formatNumber(ownTally.recipients)}</td>
        </tr>
        <tr>
          <th scope="row">{t("event-whole")}</th>
          <td data-testid="chapter-heads">{formatNumber(whole.heads)}</td>
          <td data-testid="chapter-letters">{formatNumber(whole.written)}</td>
          <td data-testid="chapter-recipients">{formatNumber(whole.recipients)}</td>
        </tr>
      </tbody>
    </table>
  );
}

interface DockProps {
  own: number;
  last: Tap | undefined;
  tap: (tap: Tap) => void;
  takeBack: () => void;
}

/** What undoing would take back, in as few words as fit on the button. */
function tapWords({ counter, by }: Tap): string {
  const what = counter === "heads" ? t("figure-heads") : recipientName(counter.to);
  return `${by === 1 ? "+1" : "−1"} ${what}`;
}

/** Under the thumb: counting people, and taking back whatever was tapped last. */
function Dock({ own, last, tap, takeBack }: DockProps) {
  return (
    <div class="dock">
      <button class="dock-undo" type="button" disabled={!last} data-testid="undo" onClick={takeBack}>
        <Icon name="undo" />
        <b>{t("event-undo")}</b>
        {last && <span>{tapWords(last)}</span>}
      </button>
      <button
        class="dock-minus"
        type="button"
        disabled={own === 0}
        aria-label={t("event-heads-minus")}
        data-testid="heads-minus"
        onClick={() => tap({ counter: "heads", by: -1 })}
      >
        <Icon name="minus" />
      </button>
      <button
        class="dock-plus"
        type="button"
        data-testid="heads-plus"
        onClick={() => tap({ counter: "heads", by: 1 })}
      >
        {t("event-heads-plus")}
      </button>
    </div>
  );
}

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
  const { problem, tap, takeBack } = useCounting(event._id);
  if (!counted) return <p class="quiet">{t("app-loading")}</p>;
  return (
    <div class="counting">
      <div class="counting-left">
        <About event={event} />
        <Numbers event={event} counted={counted} />
        <Announcement heads={counted.whole.heads} letters={counted.whole.written} />
        {problem && (
          <p class="notice trouble" role="alert" data-testid="not-saved">
            {problem}
          </p>
        )}
        <Dock own={counted.ownTally.heads} last={lastTap(event._id)} tap={tap} takeBack={takeBack} />
        <Tallies counted={counted} />
        <Declared event={event._id} />
      </div>
      <Letters counted={counted} tap={tap} />
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
