import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { enter, enterPin, type UnlockProblem } from "../../state/locking.ts";
import { Form } from "../form.tsx";
import { Greeting } from "../greeting.tsx";
import { LanguageSwitch } from "../language.tsx";
import { PassphraseField } from "./passphrase-field.tsx";
import { Wipe } from "./wipe.tsx";

function Problem({ problem, left }: { problem: UnlockProblem; left: number | null }) {
  return (
    <p class="notice trouble" role="alert" data-testid="unlock-problem">
      {t(`lock-problem-${problem}`)}
      {left !== null && ` ${t("lock-tries", { n: left })}`}
    </p>
  );
}

function useUnlocking() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<UnlockProblem>();
  const [left, setLeft] = useState<number | null>(null);
  const submit = async (passphrase: string) => {
    if (busy || !passphrase.trim()) return;
    setBusy(true);
    setProblem(undefined);
    const refusal = await enter(passphrase);
    setProblem(refusal?.problem);
    setLeft(refusal?.left ?? null);
    setBusy(false);
  };
  return { busy, problem, left, submit };
}

function UnlockForm() {
  const { busy, problem, left, submit } = useUnlocking();
  const [passphrase, setPassphrase] = useState("");
  return (
    <Form class="card fields" onSend={() => void submit(passphrase).then(() => setPassphrase(""))}>
      <PassphraseField
        label={t("lock-passphrase")}
        value={passphrase}
        testId="unlock-passphrase"
        onInput={setPassphrase}
      />
      {problem && <Problem problem={problem} left={left} />}
      <button class="button primary" type="submit" disabled={busy} data-testid="unlock-submit">
        {t(busy ? "lock-opening" : "lock-open")}
      </button>
    </Form>
  );
}

/** What a locked phone shows: nothing of what it holds. */
export function UnlockPage() {
  return (
    <Greeting title={t("lock-title")} lead={t("lock-lead")}>
      <UnlockForm />
      <details class="card">
        <summary>{t("lock-forgotten")}</summary>
        <p>{t("lock-forgotten-lead")}</p>
        <Wipe />
      </details>
      <LanguageSwitch />
    </Greeting>
  );
}

/** The quick way back, while the page has never been closed. */
export function PinPage() {
  const [pin, setPin] = useState("");
  const [wrong, setWrong] = useState(false);
  return (
    <Greeting title={t("lock-title")} lead={t("lock-pin-lead")}>
      <Form
        class="card fields"
        onSend={() => {
          setWrong(!enterPin(pin));
          setPin("");
        }}
      >
        <label class="field">
          <span>{t("lock-pin")}</span>
          <input
            type="text"
            class="veiled"
            inputMode="numeric"
            autoComplete="off"
            data-testid="pin"
            value={pin}
            onInput={({ currentTarget }) => setPin(currentTarget.value)}
          />
        </label>
        {wrong && (
          <p class="notice trouble" role="alert">
            {t("lock-pin-wrong")}
          </p>
        )}
        <button class="button primary" type="submit" data-testid="pin-submit">
          {t("lock-open")}
        </button>
      </Form>
    </Greeting>
  );
}
