import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { readWipeAfter, setWipeAfter } from "../../safety/vault.ts";
import { choose, settings } from "../../state/session.ts";
import { Form } from "../form.tsx";

interface ChoiceProps {
  label: string;
  testId: string;
  /** as it is stored */
  value: number | null;
  values: readonly number[];
  /** what a number is called; null: never */
  name: (value: number | null) => string;
  onChoose: (value: number | null) => void;
}

function Choice({ label, testId, value, values, name, onChoose }: ChoiceProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select
        data-testid={testId}
        data-stored={String(value)}
        value={String(value)}
        onChange={({ currentTarget }) =>
          onChoose(currentTarget.value === "null" ? null : Number(currentTarget.value))
        }
      >
        {[...values, null].map((each) => (
          <option key={String(each)} value={String(each)}>
            {name(each)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** When this phone locks by itself. */
export function When() {
  const { lockHidden, lockIdle } = settings.value;
  return (
    <>
      <Choice
        label={t("safety-hidden")}
        testId="lock-hidden"
        value={lockHidden}
        values={[0, 60, 300, 900]}
        name={(seconds) => {
          if (seconds === null) return t("safety-never");
          return seconds === 0 ? t("safety-at-once") : t("safety-minutes", { n: seconds / 60 });
        }}
        onChoose={(value) => void choose({ lockHidden: value })}
      />
      <Choice
        label={t("safety-idle")}
        testId="lock-idle"
        value={lockIdle}
        values={[5, 15, 60]}
        name={(minutes) => (minutes === null ? t("safety-never") : t("safety-minutes", { n: minutes }))}
        onChoose={(value) => void choose({ lockIdle: value })}
      />
    </>
  );
}

const SHORTEST_PIN = 4;

/** The short code: only for the way back to a page that was never closed. */
export function Pin() {
  const { pin } = settings.value;
  const [typed, setTyped] = useState("");
  return (
    <Form
      class="fields"
      onSend={() => {
        void choose({ pin: pin === null ? typed : null });
        setTyped("");
      }}
    >
      {pin === null && (
        <label class="field">
          <span>{t("safety-pin")}</span>
          <input
            type="text"
            class="veiled"
            inputMode="numeric"
            autoComplete="off"
            minLength={SHORTEST_PIN}
            required
            data-testid="pin-new"
            value={typed}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </label>
      )}
      <small class="quiet">{t("safety-pin-lead")}</small>
      <button class="button" type="submit" data-testid="pin-save">
        {t(pin === null ? "safety-pin-set" : "safety-pin-remove")}
      </button>
    </Form>
  );
}

/** How many wrong passphrases in a row wipe this phone. */
export function WipeAfter() {
  const [after, setAfter] = useState<number | null>(null);
  useEffect(() => {
    void readWipeAfter().then(setAfter);
  }, []);
  return (
    <Choice
      label={t("safety-wipe-after")}
      testId="wipe-after"
      value={after}
      values={[3, 5, 10]}
      name={(tries) => (tries === null ? t("safety-never") : t("safety-tries", { n: tries }))}
      onChoose={(value) => void setWipeAfter(value).then(() => setAfter(value))}
    />
  );
}
