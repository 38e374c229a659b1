import { useState } from "preact/hooks";
import type { Tally } from "../../domain/counting.ts";
import { reconciled } from "../../domain/reconciling.ts";
import {
  BASES,
  type Basis,
  DECLARABLES,
  type Declarable,
  LIMITS,
  type SameTable,
} from "../../generated/documents.ts";
import { t } from "../../i18n/index.ts";
import { type Declaration, declare, type Evening } from "../../state/closing.ts";
import { Form } from "../form.tsx";
import { Problem, reasonOf } from "../problem.tsx";
import { Segments } from "../segments.tsx";
import { SameTables } from "./same-table.tsx";

interface Fields {
  basis: Basis;
  numbers: Record<Declarable, string>;
  atLeast: readonly Declarable[];
  tables: SameTable[];
  note: string;
}

function typed(tally: Pick<Tally, Declarable>): Fields["numbers"] {
  return Object.fromEntries(DECLARABLES.map((name) => [name, String(tally[name])])) as Fields["numbers"];
}

/** The form begins with what stands, or with what the sheets say. */
function begin({ standing, sheets }: Evening): Fields {
  const tables = standing?.same_table ?? [];
  const numbers = typed(reconciled(sheets, tables));
  for (const name of DECLARABLES) if (standing) numbers[name] = String(standing[name] ?? "");
  return {
    basis: standing?.basis ?? "tally",
    numbers,
    atLeast: standing?.at_least ?? [],
    tables,
    note: standing?.note ?? "",
  };
}

const isNumber = (text: string) => /^\d*$/.test(text.trim()) && Number(text) <= LIMITS.count;

/** Undefined where something typed is no number. */
function declarationOf({ basis, numbers, atLeast, tables, note }: Fields): Declaration | undefined {
  if (!DECLARABLES.every((name) => isNumber(numbers[name]))) return undefined;
  const number = (name: Declarable) => (numbers[name].trim() === "" ? null : Number(numbers[name]));
  return {
    basis,
    ...(Object.fromEntries(DECLARABLES.map((name) => [name, number(name)])) as Record<
      Declarable,
      number | null
    >),
    at_least: atLeast.filter((name) => number(name) !== null),
    same_table: tables,
    note: note.trim(),
  };
}

function useDeclaring(evening: Evening) {
  const [fields, setFields] = useState(() => begin(evening));
  const [problem, setProblem] = useState("");
  const change = (part: Partial<Fields>) => setFields({ ...fields, ...part });
  const save = async () => {
    const declaration = declarationOf(fields);
    if (!declaration) return setProblem(t("closing-number-wrong"));
    try {
      setProblem("");
      await declare(evening, declaration);
    } catch (error) {
      setProblem(t("closing-not-saved", { reason: reasonOf(error) }));
    }
  };
  // What is reconciled changes the numbers that are to be declared, and nothing else.
  const reconcile = (tables: SameTable[]) =>
    change({ tables, numbers: typed(reconciled(evening.sheets, tables)) });
  return { fields, change, reconcile, save, problem };
}

function NumberField({
  name,
  fields,
  change,
}: {
  name: Declarable;
  fields: Fields;
  change: (part: Partial<Fields>) => void;
}) {
  const what = t(`figure-${name}`);
  const bound = fields.atLeast.includes(name);
  return (
    <div class="declared-field">
      <label class="field">
        <span>{what}</span>
        <input
          type="text"
          inputMode="numeric"
          autoComplete="off"
          data-testid={`declare-${name}`}
          value={fields.numbers[name]}
          onInput={({ currentTarget }) =>
            change({ numbers: { ...fields.numbers, [name]: currentTarget.value } })
          }
        />
      </label>
      <label class="tick">
        <input
          type="checkbox"
          aria-label={t("closing-at-least-of", { what })}
          checked={bound}
          data-testid={`at-least-${name}`}
          onChange={() =>
            change({
              atLeast: bound ? fields.atLeast.filter((each) => each !== name) : [...fields.atLeast, name],
            })
          }
        />
        <span>{t("closing-at-least")}</span>
      </label>
    </div>
  );
}

/** Declaring an evening's numbers: reconciled, typed, with where they come from. */
export function Declaring({ evening }: { evening: Evening }) {
  const { fields, change, reconcile, save, problem } = useDeclaring(evening);
  const { standing, contested } = evening;
  return (
    <Form class="card fields" noValidate onSend={() => void save()}>
      <h2>{t("closing-declare")}</h2>
      <p class="quiet" data-testid="declaring" data-standing={standing?._id}>
        {t(standing ? "closing-declared-before" : "closing-declare-lead")}
      </p>
      {contested && <p class="notice trouble">{t("closing-contested")}</p>}
      {evening.sheets.length > 1 && (
        <SameTables sheets={evening.sheets} tables={fields.tables} onChange={reconcile} />
      )}
      {DECLARABLES.map((name) => (
        <NumberField key={name} name={name} fields={fields} change={change} />
      ))}
      <div class="field">
        <span aria-hidden="true">{t("closing-basis")}</span>
        <Segments
          label={t("closing-basis")}
          name="basis"
          values={BASES}
          chosen={fields.basis}
          naming={(basis) => t(`closing-basis-${basis}`)}
          testid="basis"
          onChoose={(basis) => change({ basis })}
        />
      </div>
      <label class="field">
        <span>{t("closing-note")}</span>
        <textarea
          maxLength={LIMITS.text}
          value={fields.note}
          onInput={({ currentTarget }) => change({ note: currentTarget.value })}
        />
      </label>
      <Problem text={problem} />
      <button class="button primary" type="submit" data-testid="declare">
        {t(standing ? "closing-save-again" : "closing-save")}
      </button>
    </Form>
  );
}
