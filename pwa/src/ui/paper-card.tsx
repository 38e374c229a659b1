import { t } from "../i18n/index.ts";
import type { Count } from "../state/counting.ts";

/** The way to the sheets of paper of an event: printing them, and typing them in. */
export function PaperCard({ ulid, papers }: { ulid: string } & Pick<Count, "papers">) {
  return (
    <section class="card">
      <h2>{t("count-paper")}</h2>
      <p class="quiet">{papers > 0 ? t("count-papers", { n: papers }) : t("count-paper-lead")}</p>
      <div class="row">
        <a class="button" href={`/app/event/${ulid}/print`} data-testid="paper-to-print">
          {t("count-paper-print")}
        </a>
        <a class="button" href={`/app/event/${ulid}/paper`} data-testid="paper-to-type">
          {t("count-paper-type")}
        </a>
      </div>
    </section>
  );
}
