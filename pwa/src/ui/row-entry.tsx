import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { counted, type Tap } from "../domain/taps.ts";
import type { SheetDocument } from "../generated/documents.ts";
import { formatNumber, t } from "../i18n/index.ts";
import { counterWords } from "./count-steps.tsx";
import { Form } from "./form.tsx";
import { Icon } from "./icons.tsx";
import { Problem } from "./problem.tsx";

/** More than sit in any row: a slip of the finger is not to become a thousand people. */
const MOST = 999;

type Counter = Tap["counter"];

export function useRowEntry() {
  const [asked, setAsked] = useState<Counter>();
  const acts = useMemo(
    () => ({ ask: (counter: Counter) => setAsked(counter), close: () => setAsked(undefined) }),
    [],
  );
  return { asked, ...acts };
}

interface RowEntryProps {
  row: ReturnType<typeof useRowEntry>;
  own: SheetDocument;
  tap: (tap: Tap) => void;
}

/** Asks for the number of a whole row of people, or of a pile of letters, and counts it as one step. */
export function RowEntry({ row: { asked, close }, own, tap }: RowEntryProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (asked && !dialog.current?.open) dialog.current?.showModal();
    if (!asked) dialog.current?.close();
  }, [asked]);
  return (
    <dialog ref={dialog} class="card row-entry" aria-labelledby="row-title" onClose={close}>
      {asked && (
        <RowForm
          counter={asked}
          there={counted(own, { counter: asked, by: 1 })}
          close={close}
          count={(by) => {
            tap({ counter: asked, by });
            close();
          }}
        />
      )}
    </dialog>
  );
}

interface RowFormProps {
  counter: Counter;
  /** how many this phone has counted there already */
  there: number;
  close: () => void;
  count: (by: number) => void;
}

function RowForm({ counter, there, close, count }: RowFormProps) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const number = /^\d{1,3}$/.test(typed.trim()) ? Number(typed) : 0;
  const submit = (sign: 1 | -1) => {
    if (number === 0) setProblem(t("count-row-wrong", { most: MOST }));
    else if (sign === -1 && number > there) setProblem(t("count-row-too-many", { n: there }));
    else count(sign * number);
  };
  return (
    <Form class="fields" noValidate onSend={() => submit(1)}>
      <div class="row-head">
        <h2 id="row-title">{t("count-row-title")}</h2>
        <button class="bar-button" type="button" aria-label={t("app-cancel")} onClick={close}>
          <Icon name="clear" />
        </button>
      </div>
      <label class="field">
        <span>{counterWords(counter)}</span>
        <input
          type="text"
          inputMode="numeric"
          autoComplete="off"
          enterkeyhint="done"
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type this number
          autoFocus
          aria-describedby="row-hint"
          aria-invalid={problem !== ""}
          data-testid="row-number"
          value={typed}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setProblem("");
          }}
        />
        <small id="row-hint">{t("count-row-hint", { n: there })}</small>
      </label>
      <Problem text={problem} />
      <div class="row-buttons">
        <button class="button" type="button" data-testid="row-take" onClick={() => submit(-1)}>
          {number > 0 ? `−${formatNumber(number)}` : t("count-row-take")}
        </button>
        <button class="button primary" type="submit" data-testid="row-add">
          {number > 0 ? `+${formatNumber(number)}` : t("count-row-add")}
        </button>
      </div>
    </Form>
  );
}
