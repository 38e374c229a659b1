import { useState } from "preact/hooks";
import { tally } from "../../domain/counting.ts";
import { canJoin } from "../../domain/reconciling.ts";
import type { SameTable, SheetDocument } from "../../generated/documents.ts";
import { t } from "../../i18n/index.ts";
import { counterName } from "./sheets.tsx";

interface Props {
  sheets: readonly SheetDocument[];
  tables: readonly SameTable[];
  onChange: (tables: SameTable[]) => void;
}

function counts(sheet: SheetDocument): string {
  const { heads, written } = tally([sheet]);
  return t("closing-counts", { heads, written });
}

function Table({
  table,
  sheets,
  pick,
  part,
}: {
  table: SameTable;
  sheets: readonly SheetDocument[];
  pick: (id: string) => void;
  part: () => void;
}) {
  return (
    <fieldset class="table-group" data-testid="same-table">
      <legend>{t("closing-same-of", { n: table.sheets.length })}</legend>
      {sheets
        .filter(({ _id }) => table.sheets.includes(_id))
        .map((sheet) => (
          <label key={sheet._id} class="tick">
            <input
              type="radio"
              name={table.sheets.join()}
              checked={table.picked === sheet._id}
              onChange={() => pick(sheet._id)}
            />
            <span>
              {counterName(sheet)} <small>{counts(sheet)}</small>
            </span>
          </label>
        ))}
      <button class="button plain" type="button" onClick={part}>
        {t("closing-same-part")}
      </button>
    </fieldset>
  );
}

/** Two counters at one table: tick their sheets, pick the one to take. */
export function SameTables({ sheets, tables, onChange }: Props) {
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const [open, setOpen] = useState(tables.length > 0);
  const taken = new Set(tables.flatMap(({ sheets }) => sheets));
  const free = sheets.filter(({ _id }) => !taken.has(_id));
  const join = () => {
    const [picked = "", ...others] = ticked;
    onChange([...tables, { sheets: [picked, ...others], picked }]);
    setTicked([]);
  };
  return (
    <details class="folded" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary data-testid="same-table-open">{t("closing-same")}</summary>
      <div class="fields">
        <p class="quiet">{t("closing-same-lead")}</p>
        {tables.map((table, index) => (
          <Table
            key={table.sheets.join()}
            table={table}
            sheets={sheets}
            pick={(picked) => onChange(tables.with(index, { ...table, picked }))}
            part={() => onChange(tables.toSpliced(index, 1))}
          />
        ))}
        {free.map((sheet) => (
          <label key={sheet._id} class="tick" data-testid="same-sheet">
            <input
              type="checkbox"
              checked={ticked.includes(sheet._id)}
              onChange={({ currentTarget: { checked } }) =>
                setTicked(checked ? [...ticked, sheet._id] : ticked.filter((id) => id !== sheet._id))
              }
            />
            <span>
              {counterName(sheet)} <small>{counts(sheet)}</small>
            </span>
          </label>
        ))}
        <button
          class="button"
          type="button"
          disabled={!canJoin(ticked, tables)}
          data-testid="same-table-join"
          onClick={join}
        >
          {t("closing-same-join")}
        </button>
      </div>
    </details>
  );
}
