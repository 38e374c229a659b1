import { useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { lettersOf, type VouchProblem, vouch, waitingBrowser } from "../state/vouching.ts";
import { Page } from "./page.tsx";

/** Asks the coordinator whether the computer that shows the same letters may be signed in. */
export function VouchingPage() {
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<VouchProblem | "done">();
  const id = waitingBrowser.value;
  const confirm = async () => {
    setBusy(true);
    setOutcome((await vouch()) ?? "done");
    setBusy(false);
  };
  const problem = outcome === "done" ? undefined : (outcome ?? (id ? undefined : "none"));
  return (
    <Page title={t("vouch-title")} back="/">
      {problem && (
        <p class="notice trouble" role="alert">
          {t(`vouch-problem-${problem}`)}
        </p>
      )}
      {outcome === "done" && (
        <p class="notice" role="status" data-testid="vouched">
          {t("vouch-done")}
        </p>
      )}
      {id && (
        <section class="card">
          <p>{t("vouch-lead")}</p>
          <p class="numeral small" data-testid="vouch-letters">
            {lettersOf(id)}
          </p>
          <p>{t("vouch-warning")}</p>
          <div class="row">
            <a class="button" href="/">
              {t("vouch-no")}
            </a>
            <button
              class="button primary"
              type="button"
              disabled={busy}
              data-testid="vouch"
              onClick={() => void confirm()}
            >
              {t(busy ? "vouch-busy" : "vouch-yes")}
            </button>
          </div>
        </section>
      )}
    </Page>
  );
}
