import { t } from "../../i18n/index.ts";
import { guarded } from "../../safety/vault.ts";
import { lockEverywhere } from "../../state/locking.ts";
import { Page } from "../page.tsx";
import { ChangePassphrase, ChoosePassphrase } from "./passphrases.tsx";
import { Pin, When, WipeAfter } from "./rules.tsx";
import { Wipe } from "./wipe.tsx";

function Guarded() {
  return (
    <>
      <section class="card">
        <h2>{t("safety-guarded")}</h2>
        <p>{t("safety-guarded-lead")}</p>
        <button class="button primary" type="button" data-testid="lock" onClick={lockEverywhere}>
          {t("safety-lock-now")}
        </button>
      </section>
      <section class="card">
        <h2>{t("safety-when")}</h2>
        <When />
        <Pin />
        <WipeAfter />
      </section>
      <ChangePassphrase />
    </>
  );
}

const LIMITS = ["open", "flash", "memory", "traces", "screen", "app", "forced", "server"] as const;

function Limits() {
  return (
    <section class="card" id="limits">
      <h2>{t("safety-limits")}</h2>
      <p>{t("safety-limits-lead")}</p>
      <ul class="limits">
        {LIMITS.map((limit) => (
          <li key={limit}>{t(`safety-limit-${limit}`)}</li>
        ))}
      </ul>
    </section>
  );
}

/** How this phone is guarded, how to forget everything, and what none of that can do. */
export default function SafetyPage() {
  return (
    <Page title={t("safety-title")} back="/app/settings">
      {guarded.value ? <Guarded /> : <ChoosePassphrase />}
      <section class="card">
        <h2>{t("lock-wipe")}</h2>
        <p>{t("safety-wipe-lead")}</p>
        <Wipe />
      </section>
      <Limits />
    </Page>
  );
}
