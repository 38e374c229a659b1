import "../../styles/paper.css";
import { useEffect, useState } from "preact/hooks";
import { useRoute } from "preact-iso";
import { eventId } from "../../domain/identifiers.ts";
import { newPaperNumber } from "../../domain/paper.ts";
import { isReleased } from "../../domain/search.ts";
import type { EventDocument, PrisonerDocument } from "../../generated/documents.ts";
import { inLanguage, t } from "../../i18n/index.ts";
import { useEvents, useSheets } from "../../state/chapter.ts";
import { allPrisoners, prisoner } from "../../state/register.ts";
import { Page } from "../page.tsx";
import { TallySheet } from "./tally-sheet.tsx";

/** As many names as leave room for a few that are written in by hand. */
const MOST_NAMES = 13;
const MOST_COPIES = 20;

/** Whose names are worth printing: those already written to this evening, then those of its theme. */
function usePeople(event: EventDocument): PrisonerDocument[] {
  const sheets = [...(useSheets(event._id)?.values() ?? [])];
  const written = sheets.flatMap(({ letters }) => letters.flatMap(({ to }) => (to && prisoner(to)) || []));
  const themed = allPrisoners.value
    .filter(({ themes }) => event.theme && themes?.includes(event.theme))
    .sort((a, b) => inLanguage(a.name).localeCompare(inLanguage(b.name)));
  return [...new Set([...written, ...themed])].filter((each) => !isReleased(each)).slice(0, MOST_NAMES);
}

/** Numbers are minted when the page opens, one for each copy: what is printed twice must not be one sheet. */
function useNumbers() {
  const [numbers, setNumbers] = useState(() => [newPaperNumber()]);
  const resize = (copies: number) => {
    const fresh = Array.from({ length: Math.max(0, copies - numbers.length) }, () => newPaperNumber());
    setNumbers([...numbers, ...fresh].slice(0, copies));
  };
  useEffect(() => {
    // What is printed next is other sheets.
    const renew = () => setNumbers((printed) => printed.map(() => newPaperNumber()));
    addEventListener("afterprint", renew);
    return () => removeEventListener("afterprint", renew);
  }, []);
  return { numbers, resize };
}

function Print({ event }: { event: EventDocument }) {
  const people = usePeople(event);
  const [named, setNamed] = useState(true);
  const { numbers, resize } = useNumbers();
  return (
    <>
      <section class="card no-print">
        <p>{t("paper-print-lead")}</p>
        <div class="row">
          <label class="field">
            <span>{t("paper-copies")}</span>
            <input
              type="number"
              inputMode="numeric"
              min={1}
              max={MOST_COPIES}
              value={numbers.length}
              data-testid="paper-copies"
              onChange={({ currentTarget }) =>
                resize(Math.min(MOST_COPIES, Math.max(1, Math.round(currentTarget.valueAsNumber) || 1)))
              }
            />
          </label>
        </div>
        {people.length > 0 && (
          <label class="tick">
            <input
              type="checkbox"
              checked={named}
              data-testid="paper-names"
              onChange={({ currentTarget }) => setNamed(currentTarget.checked)}
            />
            <span>{t("paper-names", { n: people.length })}</span>
          </label>
        )}
        <button class="button primary" type="button" data-testid="paper-print" onClick={() => window.print()}>
          {t("paper-print")}
        </button>
      </section>
      <div class="sheets">
        {numbers.map((number) => (
          <TallySheet key={number} event={event} number={number} people={named ? people : []} />
        ))}
      </div>
    </>
  );
}

export function PaperPrintPage() {
  const { ulid = "" } = useRoute().params;
  const event = useEvents()?.find(({ _id }) => _id === eventId(ulid));
  return (
    <Page title={t("paper-print-title")} back={`/app/event/${ulid}`} wide>
      {event && <Print event={event} />}
    </Page>
  );
}
