import { tally } from "../../domain/counting.ts";
import type { SheetDocument } from "../../generated/documents.ts";
import { formatNumber, t } from "../../i18n/index.ts";
import type { Evening } from "../../state/closing.ts";
import { membership } from "../../state/session.ts";

const TAIL = 4;

/** Who counted: this phone by its pseudonym, paper by the end of its number, others by the end of theirs. */
export function counterName({ device, paper }: SheetDocument): string {
  const tail = device.slice(-TAIL);
  if (paper) return t("closing-paper", { tail });
  const own = membership.value;
  return own?.device === device
    ? t("closing-own", { pseudonym: own.pseudonym })
    : t("closing-device", { tail });
}

const COLUMNS = ["heads", "letters", "cards", "handmade"] as const;

function Numbers({ of }: { of: ReturnType<typeof tally> }) {
  return COLUMNS.map((column) => (
    <td key={column} data-column={column} data-label={t(`figure-${column}`)}>
      {formatNumber(of[column])}
    </td>
  ));
}

/** The tally by device and by kind. */
export function Sheets({ evening }: { evening: Evening }) {
  if (evening.sheets.length === 0) return <p class="notice">{t("closing-no-sheets")}</p>;
  return (
    <section class="card">
      <h2>{t("closing-tally")}</h2>
      <div class="tallies-box">
        <table class="tallies by-device" data-testid="closing-tally">
          <thead>
            <tr>
              <td />
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {t(`figure-${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {evening.sheets.map((sheet) => (
              <tr key={sheet._id}>
                <th scope="row">{counterName(sheet)}</th>
                <Numbers of={tally([sheet])} />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t("closing-sum")}</th>
              <Numbers of={evening.tally} />
            </tr>
          </tfoot>
        </table>
      </div>
      <p class="quiet">{t("closing-tally-note")}</p>
      <p>{t("closing-recipients", { n: evening.tally.recipients })}</p>
    </section>
  );
}
