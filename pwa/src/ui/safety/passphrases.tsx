import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { changePassphrase, WrongPassphrase } from "../../safety/vault.ts";
import { guard } from "../../state/guarding.ts";
import { Form } from "../form.tsx";
import { NewPassphrase, useNewPassphrase } from "./new-passphrase.tsx";
import { PassphraseField } from "./passphrase-field.tsx";

type Outcome = "done" | "wrong" | "failed";

function useSubmitting(act: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const submit = async () => {
    setBusy(true);
    try {
      await act();
      setOutcome("done");
    } catch (error) {
      setOutcome(error instanceof WrongPassphrase ? "wrong" : "failed");
    }
    setBusy(false);
  };
  return { busy, outcome, submit };
}

function Said({ outcome }: { outcome: Outcome | undefined }) {
  if (!outcome) return null;
  return (
    <p class={outcome === "done" ? "notice" : "notice trouble"} role="status">
      {t(`safety-passphrase-${outcome}`)}
    </p>
  );
}

/** For a phone that has none yet. Everything is sealed anew, and the page starts locked. */
export function ChoosePassphrase() {
  const chosen = useNewPassphrase();
  const { busy, outcome, submit } = useSubmitting(() => guard(chosen.passphrase));
  return (
    <Form class="card fields" onSend={() => void submit()}>
      <h2>{t("safety-unguarded")}</h2>
      <p>{t("safety-unguarded-lead")}</p>
      <NewPassphrase chosen={chosen} />
      <Said outcome={outcome} />
      <button
        class="button primary"
        type="submit"
        disabled={busy || !chosen.passphrase || !chosen.isGood}
        data-testid="guard"
      >
        {t(busy ? "safety-sealing" : "safety-guard")}
      </button>
    </Form>
  );
}

export function ChangePassphrase() {
  const [old, setOld] = useState("");
  const chosen = useNewPassphrase();
  const { busy, outcome, submit } = useSubmitting(async () => {
    await changePassphrase(old, chosen.passphrase);
    setOld("");
    chosen.setPassphrase("");
    chosen.setAgain("");
  });
  return (
    <details class="card">
      <summary>{t("safety-change")}</summary>
      <Form class="fields" onSend={() => void submit()}>
        <p class="quiet">{t("safety-change-lead")}</p>
        <PassphraseField label={t("safety-old")} value={old} testId="passphrase-old" onInput={setOld} />
        <NewPassphrase chosen={chosen} />
        <Said outcome={outcome} />
        <button
          class="button"
          type="submit"
          disabled={busy || !old || !chosen.passphrase || !chosen.isGood}
          data-testid="passphrase-change"
        >
          {t(busy ? "lock-opening" : "safety-change")}
        </button>
      </Form>
    </details>
  );
}
