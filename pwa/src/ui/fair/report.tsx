/** "Looks wrong": a report about an entry of the register, and what the chapter has reported already. */

import { useState } from "preact/hooks";
import { newUlid } from "../../domain/identifiers.ts";
import { ago } from "../../domain/vague.ts";
import {
  LIMITS,
  type PrisonerDocument,
  REPORT_KINDS,
  type ReportDocument,
  type ReportKind,
} from "../../generated/documents.ts";
import { t, timeAgo } from "../../i18n/index.ts";
import { written } from "../../state/delivery.ts";
import { today } from "../../state/fair.ts";
import { author, record, useRecords } from "../../state/records.ts";
import { Form } from "../form.tsx";
import { Problem, reasonOf } from "../problem.tsx";

function useReport(person: PrisonerDocument, facility: string) {
  const none = () => ({ ulid: newUlid(), kind: "returned" as ReportKind, note: "" });
  // Minted when the form is shown: pressing the button twice makes one report.
  const [fields, setFields] = useState(none);
  const [problem, setProblem] = useState("");
  const send = async () => {
    const { ulid, kind, note } = fields;
    try {
      await record({
        _id: `report:${ulid}`,
        type: "report",
        ...author(),
        prisoner: person._id,
        kind,
        on: today(),
        facility: facility.slice(0, LIMITS.title),
        note: note.trim(),
      });
      setFields(none());
      setProblem("");
    } catch (error) {
      setProblem(t("report-not-saved", { reason: reasonOf(error) }));
    }
  };
  return {
    fields,
    change: (part: Partial<typeof fields>) => setFields({ ...fields, ...part }),
    send,
    problem,
  };
}

function Made({ report }: { report: ReportDocument }) {
  const own = written.value.find(({ document }) => document._id === report._id);
  return (
    <li data-testid="report" data-progress={own?.progress}>
      <p>
        {t("report-made", { ago: timeAgo(ago(report.on, today())), kind: t(`report-kind-${report.kind}`) })}
        {report.note && ` · ${report.note}`}
      </p>
      <p class="quiet">
        {own ? t("report-state-mine", { progress: t(`progress-${own.progress}`) }) : t("report-state-others")}
      </p>
    </li>
  );
}

export function Report({ person, facility }: { person: PrisonerDocument; facility: string }) {
  const { fields, change, send, problem } = useReport(person, facility);
  const made = (useRecords<ReportDocument>("report:") ?? []).filter(
    ({ prisoner }) => prisoner === person._id,
  );
  return (
    <section class="card">
      <h2>{t("report-title")}</h2>
      <p class="quiet">{t("report-lead")}</p>
      {made.length > 0 && (
        <ul class="history">
          {made.toReversed().map((report) => (
            <Made key={report._id} report={report} />
          ))}
        </ul>
      )}
      <Form class="fields" onSend={() => void send()}>
        <label class="field">
          <span>{t("report-kind")}</span>
          <select
            data-testid="report-kind"
            value={fields.kind}
            onChange={({ currentTarget }) => change({ kind: currentTarget.value as ReportKind })}
          >
            {REPORT_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`report-kind-${kind}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{t("report-note")}</span>
          <input
            type="text"
            autoComplete="off"
            maxLength={LIMITS.title}
            data-testid="report-note"
            value={fields.note}
            onInput={({ currentTarget }) => change({ note: currentTarget.value })}
          />
          <small>{t("report-note-hint")}</small>
        </label>
        <Problem text={problem} />
        <button class="button" type="submit" data-testid="report-send">
          {t("report-send")}
        </button>
      </Form>
    </section>
  );
}
