import { type PlainKey, t } from "../i18n/index.ts";
import { retry, syncState } from "../state/delivery.ts";
import type { Refusal } from "../sync/door.ts";
import { ServerWords } from "./server-words.tsx";

/** What to do about it differs; a rule that is not here (an older server names none) is told by the status. */
const KNOWN: Record<string, PlainKey> = {
  unknown: "sync-refused-401",
  revoked: "sync-refused-401",
  suspended: "sync-refused-suspended",
  over: "sync-refused-over",
  stranger: "sync-refused-403",
};

function Told({ refusal: { status, rule = "", reason } }: { refusal: Refusal }) {
  const known = KNOWN[rule];
  if (known) return <p>{t(known)}</p>;
  return (
    <>
      <p>{t(status === 401 ? "sync-refused-401" : "sync-refused-403")}</p>
      {reason && (
        <p class="quiet">
          <ServerWords words={reason} />
        </p>
      )}
    </>
  );
}

/** Says so when delivery has stopped for good and somebody must act. Anything less is no reason to disturb. */
export function SyncNotice() {
  const state = syncState.value;
  if (state.phase !== "refused") return null;
  return (
    <div class="notice trouble" role="alert" data-testid="sync-refused">
      <Told refusal={state} />
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
