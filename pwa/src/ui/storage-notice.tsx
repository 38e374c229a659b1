import { formatSize, t } from "../i18n/index.ts";
import { dismissDamage, tapsDamaged } from "../state/chapter.ts";
import { evicted, unreadable } from "../state/session.ts";
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
  if (!evicted.value && !unreadable.value) return null;
  return (
    <p class="notice trouble" role="alert" data-testid={evicted.value ? "evicted" : "unreadable"}>
      {t(evicted.value ? "app-evicted" : "app-unreadable")}
    </p>
  );
}

/** Loud until somebody has read it: what is missing, only the people in the room can tell. */
export function DamageNotice() {
  if (!tapsDamaged.value) return null;
  return (
    <div class="notice trouble" role="alert" data-testid="taps-damaged">
      <p>{t("app-taps-damaged")}</p>
      <button
        class="button"
        type="button"
        data-testid="taps-damaged-known"
        onClick={() => void dismissDamage().catch(() => {})}
      >
        {t("app-taps-damaged-known")}
      </button>
    </div>
  );
}
