import { formatNumber, moment, t } from "../i18n/index.ts";
import { syncState, unsentSince, unsentTotal, written, writtenRead } from "../state/delivery.ts";
import { Icon, type IconName } from "./icons.tsx";

function pictureOf(unsent: number): IconName {
  if (syncState.value.phase === "refused" || written.value.some(({ progress }) => progress === "refused"))
    return "refused";
  return unsent > 0 || !writtenRead.value ? "waiting" : "sent";
}

/** On every page: how many taps are not at the server, and since when. Leads to the page about delivery. */
export function UnsentChip() {
  const unsent = unsentTotal.value;
  const since = unsentSince.value;
  const picture = pictureOf(unsent);
  return (
    <a class={`chip ${picture}`} href="/app/delivery" title={t("unsent-open")}>
      <Icon name={picture} />
      <b data-testid="unsent">{writtenRead.value ? formatNumber(unsent) : "…"}</b>
      <span class="chip-words">
        {t("unsent-label")}
        {unsent > 0 && since && <small>{t("unsent-since", { time: moment(since) })}</small>}
      </span>
    </a>
  );
}
