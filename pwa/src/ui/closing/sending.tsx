import { useState } from "preact/hooks";
import { newUlid } from "../../domain/identifiers.ts";
import { wallClock } from "../../domain/time.ts";
import { LIMITS, METHODS, type Method } from "../../generated/documents.ts";
import { t, vagueDay } from "../../i18n/index.ts";
import { dispatch, type Evening } from "../../state/closing.ts";
import { Form } from "../form.tsx";
import { Problem, reasonOf } from "../problem.tsx";

function useSending(evening: Evening) {
  const none = () => ({
    ulid: newUlid(),
    count: "",
    on: wallClock(new Date())[0],
    method: "post" as Method,
  });
  const [fields, setFields] = useState(none);
  const [problem, setProblem] = useState("");
  const save = async () => {
    const { ulid, count, on, method } = fields;
    const number = Number(count);
    if (!/^\d+$/.test(count.trim()) || number < 1 || number > LIMITS.count || !on)
      return setProblem(t("closing-sent-wrong"));
    try {
      await dispatch(evening, ulid, { count: number, on, method });
      setFields(none());
      setProblem("");
    } catch (error) {
      setProblem(t("closing-not-saved", { reason: reasonOf(error) }));
    }
  };
  return {
    fields,
    change: (part: Partial<typeof fields>) => setFields({ ...fields, ...part }),
    save,
    problem,
  };
}

/** What was handed to the post, and when. Written is not sent. */
export function Sending({ evening }: { evening: Evening }) {
  const { fields, change, save, problem } = useSending(evening);
  return (
    <Form class="card fields" noValidate onSend={() => void save()}>
      <h2>{t("closing-sending")}</h2>
      <p data-testid="sending">
        {t("closing-sending-of", { written: evening.press.written, sent: evening.sent })}
      </p>
      <ul>
        {evening.dispatches.map(({ _id, on, method, count }) => (
          <li key={_id}>
            {t("closing-sent-line", { day: vagueDay(on), method: t(`method-${method}`), n: count })}
          </li>
        ))}
      </ul>
      <div class="row">
        <label class="field">
          <span>{t("closing-sent-count")}</span>
          <input
            type="text"
            inputMode="numeric"
            autoComplete="off"
            data-testid="sent-count"
            value={fields.count}
            onInput={({ currentTarget }) => change({ count: currentTarget.value })}
          />
        </label>
        <label class="field">
          <span>{t("closing-sent-on")}</span>
          <input
            type="date"
            value={fields.on}
            onInput={({ currentTarget }) => change({ on: currentTarget.value })}
          />
        </label>
      </div>
      <label class="field">
        <span>{t("closing-sent-how")}</span>
        <select
          value={fields.method}
          onChange={({ currentTarget }) => change({ method: currentTarget.value as Method })}
        >
          {METHODS.map((method) => (
            <option key={method} value={method}>
              {t(`method-${method}`)}
            </option>
          ))}
        </select>
      </label>
      <Problem text={problem} />
      <button class="button" type="submit" data-testid="sent-save">
        {t("closing-sent-save")}
      </button>
    </Form>
  );
}
