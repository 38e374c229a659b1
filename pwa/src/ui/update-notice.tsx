import { t } from "../i18n/index.ts";
import { applyUpdate, updateReady } from "../state/updates.ts";

/** Offers a newer app that is here already. */
export function UpdateNotice() {
  if (!updateReady.value) return null;
  return (
    <div class="notice" role="status" data-testid="update-ready">
      <p>{t("app-update")}</p>
      <button class="button" type="button" data-testid="update-apply" onClick={applyUpdate}>
        {t("app-update-apply")}
      </button>
    </div>
  );
}
