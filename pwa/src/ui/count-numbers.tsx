import { useEffect, useState } from "preact/hooks";
import type { Tally } from "../domain/counting.ts";
import type { EventDocument } from "../generated/documents.ts";
import { formatNumber, t } from "../i18n/index.ts";
import type { Attempt, Count } from "../state/counting.ts";
import { Stamp } from "./stamp.tsx";

/** How far a number is that shows these taps. */
export type Keeping = "stored" | "saving" | "failed";

export function keeping(attempts: readonly Attempt[]): Keeping {
  if (attempts.some(({ failed }) => failed)) return "failed";
  return attempts.length > 0 ? "saving" : "stored";
}

/** The signs of a number that find room in the largest size, and in the one below. */
const SHORT = 3;
const LONG = 5;

function sizeOf(written: string): "" | "long" | "longest" {
  if (written.length > LONG) return "longest";
  return written.length > SHORT ? "long" : "";
}

interface NumeralProps {
  value: number;
  attempts: readonly Attempt[];
  testid: string;
}

/** A number of the evening. Until its last tap is on the disk it has another colour. */
function Numeral({ value, attempts, testid }: NumeralProps) {
  const kept = keeping(attempts);
  const written = formatNumber(value);
  return (
    <>
      <p class={`numeral ${sizeOf(written)} ${kept}`} data-testid={testid} data-keeping={kept}>
        {written}
      </p>
      {kept === "failed" && <p class="keeping">{t("count-not-stored")}</p>}
    </>
  );
}

interface NumbersProps {
  event: EventDocument;
  whole: Tally;
  attempts: readonly Attempt[];
}

/** The two sides of a postcard: people left of the line, letters right of it. */
export function Numbers({ event, whole, attempts }: NumbersProps) {
  const ofHeads = attempts.filter(({ tap }) => tap.counter === "heads");
  const ofLetters = attempts.filter(({ tap }) => tap.counter !== "heads");
  return (
    <article class="postcard numbers">
      <div class="side">
        <h2>{t("figure-heads")}</h2>
        <Numeral value={whole.heads} attempts={ofHeads} testid="heads-value" />
      </div>
      <div class="side">
        <h2>{t("figure-letters")}</h2>
        <Numeral value={whole.written} attempts={ofLetters} testid="letters-value" />
      </div>
      <Stamp event={event} />
    </article>
  );
}

/** Says the stored numbers aloud a moment after the last tap, not at every one. */
export function Announcement({ heads, written }: { heads: number; written: number }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSaid(t("event-announce", { heads, letters: written })), 700);
    return () => clearTimeout(timer);
  }, [heads, written]);
  return (
    <p class="unseen" role="status" aria-live="polite">
      {said}
    </p>
  );
}

/** What the sum is of. */
function caption(sheets: number, papers: number): string {
  const known = sheets + papers > 0 ? [t("event-whole-hint", { n: sheets })] : [];
  return [...known, ...(papers > 0 ? [t("count-and-papers", { n: papers })] : [])].join(" ");
}

const COLUMNS = [
  { key: "heads", label: "figure-heads", testid: "heads" },
  { key: "written", label: "figure-letters", testid: "letters" },
  { key: "recipients", label: "figure-recipients", testid: "recipients" },
] as const;

function TallyRow({ label, tally, testid }: { label: string; tally: Tally; testid: string }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      {COLUMNS.map((column) => (
        <td key={column.key} data-label={t(column.label)}>
          <span data-testid={`${testid}-${column.testid}`}>{formatNumber(tally[column.key])}</span>
        </td>
      ))}
    </tr>
  );
}

type TalliesProps = Pick<Count, "ownTally" | "whole" | "sheets" | "papers">;

/** The stored numbers: this phone's, and the whole evening's. */
export function Tallies({ ownTally, whole, sheets, papers }: TalliesProps) {
  const words = caption(sheets, papers);
  return (
    <div class="tallies-box">
      <table class="tallies">
        {words && <caption>{words}</caption>}
        <thead>
          <tr>
            <td />
            {COLUMNS.map(({ label }) => (
              <th key={label} scope="col">
                {t(label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <TallyRow label={t("event-own")} tally={ownTally} testid="own" />
          <TallyRow label={t("event-whole")} tally={whole} testid="chapter" />
        </tbody>
      </table>
    </div>
  );
}
