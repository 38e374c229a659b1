import { useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import { tally } from "../../domain/counting.ts";
import { eventId, eventUlid } from "../../domain/identifiers.ts";
import { paperNumber, readPaperCode, readPaperNumber, spelt } from "../../domain/paper.ts";
import { t } from "../../i18n/index.ts";
import { useEvents } from "../../state/chapter.ts";
import { usePapers } from "../../state/paper.ts";
import { Form } from "../form.tsx";
import { Icon } from "../icons.tsx";
import { Page } from "../page.tsx";
import { Problem } from "../problem.tsx";
import { Scanner } from "../scanner.tsx";
import "../../styles/paper.css";

function addressOf(event: string, number: string): string {
  return `/app/event/${eventUlid(event)}/paper/${number}`;
}

function Scan() {
  const { route } = useLocation();
  const events = useEvents();
  const [scanning, setScanning] = useState(false);
  const [problem, setProblem] = useState("");
  const take = (text: string) => {
    const found = readPaperCode(text);
    if (!found) return setProblem(t("paper-not-ours"));
    if (!events?.some(({ _id }) => _id === found.event)) return setProblem(t("paper-other-event"));
    route(addressOf(found.event, found.number));
  };
  return (
    <section class="card">
      <h2>{t("paper-scan")}</h2>
      {scanning ? (
        <Scanner onCode={take} />
      ) : (
        <button
          class="button primary"
          type="button"
          data-testid="paper-scan"
          onClick={() => setScanning(true)}
        >
          {t("paper-scan-start")}
        </button>
      )}
      {problem && (
        <p class="notice" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

function Type({ event }: { event: string }) {
  const { route } = useLocation();
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const open = () => {
    const number = readPaperNumber(typed);
    if (number) route(addressOf(event, number));
    else setProblem(t("paper-number-wrong"));
  };
  return (
    <Form class="card" noValidate onSend={open}>
      <h2>{t("paper-type")}</h2>
      <label class="field">
        <span>{t("paper-number")}</span>
        <input
          type="text"
          class="paper-number"
          autoComplete="off"
          autoCapitalize="characters"
          spellcheck={false}
          maxLength={12}
          aria-invalid={problem !== ""}
          data-testid="paper-number"
          value={typed}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setProblem("");
          }}
        />
        <small>{t("paper-number-hint")}</small>
      </label>
      <Problem text={problem} testid="paper-problem" />
      <button class="button" type="submit" data-testid="paper-open">
        {t("paper-open")}
      </button>
    </Form>
  );
}

function Known({ event }: { event: string }) {
  const papers = usePapers(event) ?? [];
  if (papers.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("paper-known")}</h2>
      <ul class="papers">
        {papers.map((sheet) => {
          const { heads, written } = tally([sheet]);
          return (
            <li key={sheet._id}>
              <a href={addressOf(event, paperNumber(sheet.device))} data-testid="paper-known">
                <b class="paper-number">{spelt(paperNumber(sheet.device))}</b>
                <span class="quiet">{t("event-announce", { heads, letters: written })}</span>
                <Icon name="forward" />
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function PaperFindPage() {
  const { ulid = "" } = useRoute().params;
  return (
    <Page title={t("paper-find-title")} back={`/app/event/${ulid}`}>
      <Scan />
      <Type event={eventId(ulid)} />
      <Known event={eventId(ulid)} />
    </Page>
  );
}
