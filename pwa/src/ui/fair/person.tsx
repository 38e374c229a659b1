import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useRoute } from "preact-iso";
import { isWaiting, placementNow, written } from "../../domain/fair.ts";
import { ago, isStale } from "../../domain/vague.ts";
import type { PrisonerDocument, ReplyDocument } from "../../generated/documents.ts";
import { dotted, inLanguage, t, timeAgo, vagueDay } from "../../i18n/index.ts";
import { choosePrisoner, chosen, today, useHistory } from "../../state/fair.ts";
import { useRecords } from "../../state/records.ts";
import { facility, prisoner } from "../../state/register.ts";
import { Page } from "../page.tsx";
import { Report } from "./report.tsx";
import { Advice, FacilityRules } from "./rules.tsx";
import { addressOf, envelopeLines, statusWords, themeName } from "./words.ts";
import "../../styles/fair.css";

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (!children || (Array.isArray(children) && children.length === 0)) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function About({ person }: { person: PrisonerDocument }) {
  const { born, status, articles, sentence, detained_since, themes, sources } = person;
  return (
    <section class="card">
      <h2>{t("person-about")}</h2>
      <dl class="facts">
        <Fact name={t("person-status")}>{statusWords(status)}</Fact>
        <Fact name={t("person-born")}>{born && vagueDay(born)}</Fact>
        <Fact name={t("person-articles")}>{articles?.join(", ")}</Fact>
        <Fact name={t("person-sentence")}>{sentence}</Fact>
        <Fact name={t("person-since")}>{detained_since && vagueDay(detained_since)}</Fact>
        <Fact name={t("person-themes")}>{themes?.map(themeName).join(", ")}</Fact>
      </dl>
      {sources && sources.length > 0 && (
        <p class="quiet">
          {t("person-sources")}: {sources.join("; ")}
        </p>
      )}
    </section>
  );
}

function Checked({ verifiedOn }: { verifiedOn: string | null | undefined }) {
  const stale = isStale(verifiedOn, today());
  return (
    <p class={stale ? "checked stale" : "checked"} data-testid="checked" data-stale={stale}>
      {verifiedOn ? t("person-checked", { ago: timeAgo(ago(verifiedOn, today())) }) : t("person-unchecked")}
      {stale && <span class="tag need-none">{t("person-stale")}</span>}
    </p>
  );
}

function CopyAddress({ lines }: { lines: string[] }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(lines.join("\n"));
    setDone(true);
  };
  return (
    <button class="button" type="button" onClick={() => void copy()}>
      {done ? t("person-copied") : t("person-copy")}
    </button>
  );
}

function Where({ person }: { person: PrisonerDocument }) {
  const now = placementNow(person);
  const isChosen = chosen.value.has(person._id);
  const earlier = (person.placements ?? []).filter((each) => each !== now);
  if (!now) return <p class="notice">{t("person-no-place")}</p>;
  return (
    <section class="card">
      <h2>{t("person-where")}</h2>
      <address class="address" data-testid="address">
        {envelopeLines(person, now).map((line) => (
          <span key={line}>{line}</span>
        ))}
      </address>
      {!addressOf(now) && <p class="notice">{t("person-no-address")}</p>}
      <Checked verifiedOn={now.verified_on} />
      <div class="row">
        <CopyAddress lines={envelopeLines(person, now)} />
        <button
          class="button"
          type="button"
          aria-pressed={isChosen}
          data-testid="person-choose"
          onClick={() => choosePrisoner(person._id, !isChosen)}
        >
          {isChosen ? t("person-chosen") : t("person-choose")}
        </button>
      </div>
      {earlier.length > 0 && (
        <details class="folded">
          <summary>{t("person-earlier")}</summary>
          <ul>
            {earlier.map(({ facility, from, to }) => (
              <li key={facility}>{dotted([facility, from, to])}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function History({ person }: { person: PrisonerDocument }) {
  const entries = useHistory()?.get(person._id) ?? [];
  const replies = (useRecords<ReplyDocument>("reply:") ?? []).filter(
    ({ prisoner }) => prisoner === person._id,
  );
  const lastReply = replies
    .map(({ on }) => on)
    .sort()
    .at(-1);
  return (
    <section class="card">
      <h2>{t("person-history")}</h2>
      {entries.length === 0 ? (
        <p class="quiet">{t("person-history-empty")}</p>
      ) : (
        <ul class="history">
          {entries.map((entry) => (
            <li key={entry.event} data-testid="history-entry">
              <p>
                <b>{t("fair-letters", { n: written(entry) })}</b>
                {`\u00a0· ${dotted([vagueDay(entry.day), entry.title])}`}
              </p>
              <p class="quiet">{t("person-history-kinds", { ...entry })}</p>
            </li>
          ))}
        </ul>
      )}
      {lastReply && <p>{t("person-replies", { n: replies.length, day: vagueDay(lastReply) })}</p>}
    </section>
  );
}

export default function PersonPage() {
  const person = prisoner(`prisoner:${useRoute().params.ulid}`);
  if (!person) {
    return (
      <Page title={t("fair-title")} back="/app/fair">
        <p class="notice">{t("person-not-here")}</p>
      </Page>
    );
  }
  const waiting = isWaiting(person);
  const placement = placementNow(person);
  const rules = placement?.facility_id ? facility(placement.facility_id) : undefined;
  return (
    <Page title={inLanguage(person.name)} over={statusWords(person.status)} back="/app/fair">
      {waiting ? (
        <Where person={person} />
      ) : (
        <p class="notice trouble" role="alert" data-testid="person-free">
          {t(person.status === "deceased" ? "person-deceased" : "person-free")}
        </p>
      )}
      {waiting && rules && <FacilityRules facility={rules} />}
      <History person={person} />
      <Report person={person} facility={placement?.facility ?? ""} />
      <About person={person} />
      {waiting && <Advice />}
    </Page>
  );
}
