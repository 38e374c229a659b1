import { paperCode, spelt } from "../../domain/paper.ts";
import type { EventDocument, PrisonerDocument } from "../../generated/documents.ts";
import { dotted, eventTime, inLanguage, t } from "../../i18n/index.ts";
import { QrCode } from "./qr.tsx";

/** Rows of boxes for people: six fives in each, for 150 people. */
const HEAD_ROWS = 5;
/** As many rows of names as fill the page. */
const NAME_ROWS = 18;

/** Boxes to tick, in fives: a tally is read five at a time. */
function Fives({ count }: { count: number }) {
  const fives = Array.from({ length: count }, (_, five) =>
    Array.from({ length: 5 }, (_, box) => `M${five * 22 + box * 4} 0h4v4h-4z`).join(""),
  );
  const width = count * 22 - 2;
  return (
    <svg class="fives" viewBox={`-0.2 -0.2 ${width + 0.4} 4.4`} aria-hidden="true" data-fives={count}>
      <path d={fives.join("")} />
    </svg>
  );
}

function Row({ name, free = false }: { name: string; free?: boolean }) {
  return (
    <tr class={free ? "free" : undefined}>
      {name ? <th scope="row">{name}</th> : <td />}
      <td>
        <Fives count={3} />
      </td>
      <td>
        <Fives count={2} />
      </td>
      <td>
        <Fives count={1} />
      </td>
    </tr>
  );
}

interface TallySheetProps {
  event: EventDocument;
  number: string;
  people: readonly PrisonerDocument[];
}

/** One sheet of paper to count an evening on. Its number is its own: two copies of a sheet are never both typed in. */
export function TallySheet({ event, number, people }: TallySheetProps) {
  return (
    <article class="tally-sheet" data-testid="tally-sheet" data-number={number}>
      <header>
        <div>
          <h2>{event.title}</h2>
          <p>{dotted([eventTime(event), event.place])}</p>
          <p>
            {t("paper-number")} <b class="paper-number">{spelt(number)}</b>
          </p>
        </div>
        <QrCode text={paperCode(event._id, number)} label={t("paper-code", { number: spelt(number) })} />
      </header>
      <h3>{t("paper-heads")}</h3>
      <div class="head-boxes">
        {Array.from({ length: HEAD_ROWS }, (_, row) => (
          <Fives key={row} count={6} />
        ))}
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("paper-to")}</th>
            <th scope="col">{t("figure-letters")}</th>
            <th scope="col">{t("figure-cards")}</th>
            <th scope="col">{t("figure-handmade")}</th>
          </tr>
        </thead>
        <tbody>
          {people.map((each) => (
            <Row key={each._id} name={inLanguage(each.name)} />
          ))}
          {Array.from({ length: NAME_ROWS - people.length }, (_, row) => (
            <Row key={row} name="" free />
          ))}
          <Row name={t("letters-no-name")} />
          <Row name={t("letters-origin-brought")} />
          <Row name={t("letters-origin-relayed")} />
        </tbody>
      </table>
      <footer>{t("paper-foot")}</footer>
    </article>
  );
}
