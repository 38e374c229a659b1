import { useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import { eventId } from "../../domain/identifiers.ts";
import { paperNumber, readPaperNumber, spelt } from "../../domain/paper.ts";
import { counted, type LineName, type Tap } from "../../domain/taps.ts";
import { LETTER_KINDS, type SheetDocument } from "../../generated/documents.ts";
import { dotted, t } from "../../i18n/index.ts";
import type { Key } from "../../i18n/texts.ts";
import { type Entry, typeIn, usePapers } from "../../state/paper.ts";
import { membership } from "../../state/session.ts";
import { Form } from "../form.tsx";
import { NameSearch } from "../name-search.tsx";
import { Page } from "../page.tsx";
import { recipientName } from "../people.ts";
import { Problem, reasonOf } from "../problem.tsx";
import "../../styles/paper.css";

/** A row of the paper: letters of every kind to somebody, or to no name. */
type Row = Pick<LineName, "to" | "origin">;

const UNNAMED: readonly Row[] = [
  { to: null, origin: "here" },
  { to: null, origin: "brought" },
  { to: null, origin: "relayed" },
];

const COLUMNS = { letter: "figure-letters", card: "figure-cards", handmade: "figure-handmade" } as const;

function isSame(one: Row, other: Row): boolean {
  return one.to === other.to && one.origin === other.origin;
}

function rowsOf(sheet: SheetDocument | undefined, added: readonly Row[]): Row[] {
  const typed = (sheet?.letters ?? []).map(({ to, origin = "here" }) => ({ to, origin }));
  return [...added, ...typed, ...UNNAMED].filter(
    (row, at, all) => all.findIndex((each) => isSame(each, row)) === at,
  );
}

function rowName({ to, origin }: Row): string {
  if (origin === "here") return recipientName(to);
  const from = t(`letters-origin-${origin}`);
  return dotted([to !== null && recipientName(to), from]);
}

const keyOf = (counter: Tap["counter"]) => (counter === "heads" ? counter : JSON.stringify(counter));

/** What has been typed and differs from what is stored; a field that is no number makes it undefined. */
function entriesOf(typed: ReadonlyMap<string, Typed>): Entry[] | undefined {
  const entries = [...typed.values()].map(({ counter, text }) => ({ counter, value: Number(text || "0") }));
  return entries.every(({ value }) => Number.isInteger(value) && value >= 0 && value <= 9999)
    ? entries
    : undefined;
}

interface Typed {
  counter: Tap["counter"];
  text: string;
}

function useTyping(event: string, number: string, sheet: SheetDocument | undefined) {
  const { route } = useLocation();
  const [typed, setTyped] = useState<ReadonlyMap<string, Typed>>(new Map());
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const stored = (counter: Tap["counter"]) => (sheet ? counted(sheet, { counter, by: 1 }) : 0);
  const save = async () => {
    const entries = entriesOf(typed);
    if (!entries) return setProblem(t("paper-wrong"));
    if (!sheet && entries.every(({ value }) => value === 0)) return setProblem(t("paper-nothing"));
    setBusy(true);
    try {
      await typeIn(event, number, entries);
      route(`/app/event/${event.slice("event:".length)}/paper`);
    } catch (error) {
      setProblem(t("event-not-saved", { reason: reasonOf(error) }));
      setBusy(false);
    }
  };
  return {
    problem,
    busy,
    save,
    text: (counter: Tap["counter"]) => typed.get(keyOf(counter))?.text ?? (stored(counter) || "").toString(),
    type: (counter: Tap["counter"], text: string) => {
      setTyped(new Map(typed).set(keyOf(counter), { counter, text }));
      setProblem("");
    },
  };
}

type Typing = ReturnType<typeof useTyping>;

interface FieldProps {
  typing: Typing;
  counter: Tap["counter"];
  label: string;
  /** whose number it is, for those who hear the page */
  of?: string;
  testid: string;
}

function Field({ typing, counter, label, of, testid }: FieldProps) {
  return (
    <label class="field">
      <span>
        {of && <span class="unseen">{of}: </span>}
        {label}
      </span>
      <input
        type="text"
        inputMode="numeric"
        autoComplete="off"
        maxLength={4}
        placeholder="0"
        data-testid={testid}
        value={typing.text(counter)}
        onInput={({ currentTarget }) => typing.type(counter, currentTarget.value.trim())}
      />
    </label>
  );
}

function Letters({ typing, rows }: { typing: Typing; rows: readonly Row[] }) {
  return (
    <>
      {rows.map((row) => (
        <fieldset key={keyOf({ ...row, kind: "letter" })} class="paper-row" data-testid="paper-row">
          <legend>{rowName(row)}</legend>
          {LETTER_KINDS.map((kind) => (
            <Field
              key={kind}
              typing={typing}
              counter={{ ...row, kind }}
              label={t(COLUMNS[kind] satisfies Key)}
              of={rowName(row)}
              testid={`paper-${kind}`}
            />
          ))}
        </fieldset>
      ))}
    </>
  );
}

function Already({ sheet }: { sheet: SheetDocument }) {
  const mine = sheet.paper?.by === membership.value?.device;
  return (
    <p class="notice" role="status" data-testid="paper-already">
      {t(mine ? "paper-already-here" : "paper-already-elsewhere")}
    </p>
  );
}

function Enter({
  event,
  number,
  sheet,
}: {
  event: string;
  number: string;
  sheet: SheetDocument | undefined;
}) {
  const typing = useTyping(event, number, sheet);
  const [added, setAdded] = useState<readonly Row[]>([]);
  const add = (to: string) => setAdded([{ to, origin: "here" }, ...added]);
  return (
    <Form class="paper-form" noValidate onSend={() => void typing.save()}>
      {sheet && <Already sheet={sheet} />}
      <section class="card">
        <Field typing={typing} counter="heads" label={t("figure-heads")} testid="paper-heads" />
      </section>
      <section class="card">
        <h2>{t("letters-title")}</h2>
        <NameSearch onPick={add} />
        <Letters typing={typing} rows={rowsOf(sheet, added)} />
      </section>
      <Problem text={typing.problem} testid="paper-problem" />
      <p class="bottom-action">
        <button class="button primary" type="submit" disabled={typing.busy} data-testid="paper-save">
          {t(sheet ? "paper-correct" : "paper-save")}
        </button>
      </p>
    </Form>
  );
}

export function PaperEnterPage() {
  const { ulid = "", number: typed = "" } = useRoute().params;
  const number = readPaperNumber(typed);
  const papers = usePapers(eventId(ulid));
  const sheet = papers?.find(({ device }) => paperNumber(device) === number);
  return (
    <Page title={t("paper-sheet", { number: spelt(number ?? typed) })} back={`/app/event/${ulid}/paper`}>
      {number && papers && <Enter event={eventId(ulid)} number={number} sheet={sheet} />}
      {!number && <p class="notice">{t("paper-number-wrong")}</p>}
    </Page>
  );
}
