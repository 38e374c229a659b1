import { useState } from "preact/hooks";
import { cells, LABEL_FORMATS, type LabelFormat } from "../../domain/labels.ts";
import { inLanguage, t } from "../../i18n/index.ts";
import { chosen } from "../../state/fair.ts";
import { Page } from "../page.tsx";
import { Segments } from "../segments.tsx";
import { Cards, type EnvelopeSize, Envelopes, Labels, RuleSheets } from "./papers.tsx";
import { type Recipient, recipientsOf } from "./recipients.ts";
import "../../styles/fair.css";
import "../../styles/print.css";

const WHATS = ["labels", "envelopes", "cards", "rules"] as const;
const SIZES: readonly EnvelopeSize[] = ["c6", "dl"];

interface Wish {
  what: (typeof WHATS)[number];
  format: LabelFormat;
  /** from 1 */
  start: number;
  size: EnvelopeSize;
  sender: string;
}

type Change = (part: Partial<Wish>) => void;

function LabelChoice({ wish, change }: { wish: Wish; change: Change }) {
  return (
    <>
      <label class="field">
        <span>{t("print-format")}</span>
        <select
          data-testid="print-format"
          value={wish.format.id}
          onChange={({ currentTarget }) =>
            change({ format: LABEL_FORMATS.find(({ id }) => id === currentTarget.value) ?? wish.format })
          }
        >
          {LABEL_FORMATS.map((format) => (
            <option key={format.id} value={format.id}>
              {t("print-format-labels", { count: cells(format), width: format.width, height: format.height })}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t("print-start")}</span>
        <input
          type="number"
          min={1}
          max={cells(wish.format)}
          data-testid="print-start"
          value={wish.start}
          onInput={({ currentTarget }) => change({ start: Math.max(1, currentTarget.valueAsNumber || 1) })}
        />
      </label>
    </>
  );
}

function EnvelopeChoice({ wish, change }: { wish: Wish; change: Change }) {
  return (
    <>
      <Segments
        label={t("print-envelope")}
        name="size"
        values={SIZES}
        chosen={wish.size}
        naming={(size) => t(`print-envelope-${size}`)}
        testid="envelope"
        onChoose={(size) => change({ size })}
      />
      <label class="field">
        <span>{t("print-sender")}</span>
        <textarea
          autoComplete="off"
          data-testid="print-sender"
          value={wish.sender}
          onInput={({ currentTarget }) => change({ sender: currentTarget.value })}
        />
        <small>{t("print-sender-hint")}</small>
      </label>
    </>
  );
}

function Choices({ wish, change }: { wish: Wish; change: Change }) {
  return (
    <section class="card fields">
      <Segments
        label={t("print-what")}
        name="what"
        values={WHATS}
        chosen={wish.what}
        naming={(what) => t(`print-what-${what}`)}
        testid="print"
        onChoose={(what) => change({ what })}
      />
      <p class="quiet">{t(`print-lead-${wish.what}`)}</p>
      {wish.what === "labels" && <LabelChoice wish={wish} change={change} />}
      {wish.what === "envelopes" && <EnvelopeChoice wish={wish} change={change} />}
      <button class="button primary" type="button" data-testid="print-go" onClick={() => print()}>
        {t("print-go")}
      </button>
      <p class="quiet">{t("print-go-hint")}</p>
    </section>
  );
}

function Papers({ wish, recipients }: { wish: Wish; recipients: Recipient[] }) {
  return (
    <section class="print-sheets" aria-label={t("print-preview")}>
      {wish.what === "labels" && <Labels recipients={recipients} format={wish.format} start={wish.start} />}
      {wish.what === "envelopes" && (
        <Envelopes recipients={recipients} size={wish.size} sender={wish.sender} />
      )}
      {wish.what === "cards" && <Cards recipients={recipients} />}
      {wish.what === "rules" && <RuleSheets recipients={recipients} />}
    </section>
  );
}

const namesOf = (people: readonly { name: Recipient["person"]["name"] }[]) =>
  people.map(({ name }) => inLanguage(name)).join(", ");

export default function PrintPage() {
  const [wish, setWish] = useState<Wish>(() => ({
    ...{ what: "labels", start: 1, size: "c6", sender: "" },
    format: LABEL_FORMATS[0] as LabelFormat,
  }));
  const { recipients, skipped } = recipientsOf(chosen.value);
  const stale = recipients.filter(({ isStale }) => isStale).map(({ person }) => person);
  if (chosen.value.size === 0) {
    return (
      <Page title={t("print-title")} back="/app/fair">
        <p class="notice">{t("print-nobody")}</p>
        <p>
          <a class="button" href="/app/fair">
            {t("print-to-list")}
          </a>
        </p>
      </Page>
    );
  }
  return (
    <Page title={t("print-title")} back="/app/fair">
      <Choices wish={wish} change={(part) => setWish({ ...wish, ...part })} />
      {skipped.length > 0 && <p class="notice">{t("print-skipped", { names: namesOf(skipped) })}</p>}
      {stale.length > 0 && <p class="notice trouble">{t("print-stale", { names: namesOf(stale) })}</p>}
      <Papers wish={wish} recipients={recipients} />
    </Page>
  );
}
