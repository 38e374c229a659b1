/** What comes out of the printer, each sheet as large as it is on paper. */

import { cells, type LabelFormat, sheetsOf } from "../../domain/labels.ts";
import { postcodeOf } from "../../domain/postcode.ts";
import { inLanguage, t, vagueDay } from "../../i18n/index.ts";
import { say } from "../../i18n/texts.ts";
import { FacilityLists } from "../fair/rules.tsx";
import { POST } from "../fair/words.ts";
import { Postcode } from "./postcode.tsx";
import { byFacility, type Recipient } from "./recipients.ts";

const CARDS_PER_SHEET: LabelFormat = {
  ...{ id: "70x37", columns: 2, rows: 2, width: 105, height: 148.5, top: 0, left: 0, gap: 0 },
};

function Lines({ lines }: { lines: readonly string[] }) {
  return lines.map((line, index) => (
    <p key={line} class={index === 0 ? "paper-name" : undefined}>
      {line}
    </p>
  ));
}

/** A grid of cells as the sheet of labels has them. */
function gridOf({ columns, rows, width, height, top, left, gap }: LabelFormat) {
  return {
    paddingTop: `${top}mm`,
    paddingLeft: `${left}mm`,
    gridTemplateColumns: `repeat(${columns}, ${width}mm)`,
    gridTemplateRows: `repeat(${rows}, ${height}mm)`,
    columnGap: `${gap}mm`,
  };
}

export function Labels({
  recipients,
  format,
  start,
}: {
  recipients: Recipient[];
  format: LabelFormat;
  start: number;
}) {
  return sheetsOf(recipients, format, Math.min(start, cells(format)) - 1).map((sheet, number) => (
    <div key={number} class="paper a4 grid" style={gridOf(format)} data-testid="paper">
      {sheet.map((each, cell) => (
        <div key={cell} class="label">
          {each && <Lines lines={each.lines} />}
        </div>
      ))}
    </div>
  ));
}

export type EnvelopeSize = "c6" | "dl";

export function Envelopes({
  recipients,
  size,
  sender,
}: {
  recipients: Recipient[];
  size: EnvelopeSize;
  sender: string;
}) {
  return recipients.map(({ person, lines, address }) => (
    <div key={person._id} class={`paper envelope ${size}`} data-testid="paper">
      <div class="envelope-sender">
        <small>{say(POST, "print-mark-from")}</small>
        <Lines lines={sender.split("\n").filter(Boolean)} />
      </div>
      <div class="envelope-recipient">
        <small>{say(POST, "print-mark-to")}</small>
        <Lines lines={lines} />
      </div>
      <Postcode code={postcodeOf(address)} />
    </div>
  ));
}

function Card({ recipient: { person, lines, rules } }: { recipient: Recipient }) {
  const { articles, sentence, detained_since } = person;
  const facts: [string, string | null | undefined][] = [
    [t("person-articles"), articles?.join(", ")],
    [t("person-sentence"), sentence],
    [t("person-since"), detained_since && vagueDay(detained_since)],
    [t("facility-forbidden"), rules?.forbidden?.map(inLanguage).join("; ")],
  ];
  return (
    <div class="recipient-card">
      <Lines lines={lines} />
      <dl>
        {facts.map(
          ([name, fact]) =>
            fact && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{fact}</dd>
              </div>
            ),
        )}
      </dl>
    </div>
  );
}

export function Cards({ recipients }: { recipients: Recipient[] }) {
  return sheetsOf(recipients, CARDS_PER_SHEET, 0).map((sheet) => (
    <div key={sheet[0]?.person._id} class="paper a4 grid" style={gridOf(CARDS_PER_SHEET)} data-testid="paper">
      {sheet.map((each) => each && <Card key={each.person._id} recipient={each} />)}
    </div>
  ));
}

function Checklist() {
  const checks = [
    t("checklist-names"),
    t("checklist-forbidden"),
    t("checklist-language"),
    t("checklist-reply"),
    t("checklist-enclosures"),
    t("checklist-address"),
  ];
  return (
    <ul class="checklist">
      {checks.map((check) => (
        <li key={check}>{check}</li>
      ))}
    </ul>
  );
}

/** One sheet for each facility: its rules, and what to look at before the envelope is sealed. */
export function RuleSheets({ recipients }: { recipients: Recipient[] }) {
  return byFacility(recipients).map(({ name, of }) => (
    <div key={name} class="paper a4 rule-sheet" data-testid="paper">
      <h2>{name}</h2>
      <p>
        <b>{t("checklist-for")}:</b> {of.map(({ person }) => inLanguage(person.name)).join(", ")}
      </p>
      {of[0]?.rules ? <FacilityLists facility={of[0].rules} /> : <p>{t("facility-unknown")}</p>}
      <h3>{t("checklist-title")}</h3>
      <Checklist />
    </div>
  ));
}
