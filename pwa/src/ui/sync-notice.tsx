import { t } from "../i18n/index.ts";
import { retry, syncState } from "../state/delivery.ts";

/** Says so when delivery has stopped for good and somebody must act. Anything less is no reason to disturb. */
export function SyncNotice() {
  const state = syncState.value;
  if (state.phase !== "refused") return null;
  return (
    <div class="notice trouble" role="alert" data-testid="sync-refused">
      <p>{t(state.status === 401 ? "sync-refused-401" : "sync-refused-403")}</p>
      {state.reason && <p class="quiet">{t("sync-refused-reason", { reason: state.reason })}</p>}
      <p class="row">
        <button class="button" type="button" onClick={retry}>
          {t("app-try-again")}
        </button>
        <a class="button plain" href="/app/delivery">
          {t("unsent-open")}
        </a>
      </p>
    </div>
  );
}
