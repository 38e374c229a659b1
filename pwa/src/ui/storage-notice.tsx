import { formatSize, t } from "../i18n/index.ts";
import { evicted } from "../state/session.ts";
import { spaceLeft } from "../state/storage.ts";

/** Said on every page while it is not too late yet. */
export function StorageNotice() {
  if (spaceLeft.value === undefined) return null;
  return (
    <p class="notice trouble" role="status" data-testid="space-left">
      {t("app-space", { left: formatSize(spaceLeft.value) })}
    </p>
  );
}

/** Said instead of beginning as if nothing had been there. */
export function EvictedNotice() {
  if (!evicted.value) return null;
  return (
    <p class="notice trouble" role="alert" data-testid="evicted">
      {t("app-evicted")}
    </p>
  );
}
