import { type Bytes, toHex } from "../../domain/bytes.ts";
import "../../styles/courier.css";
import { useState } from "preact/hooks";
import { formatSize, moment, type PlainKey, t } from "../../i18n/index.ts";
import { canSend, carried, carry, forget, packUnsent } from "../../state/courier.ts";
import { unsentTotal } from "../../state/delivery.ts";
import type { Stored } from "../../store/documents.ts";
import type { Carried } from "../../sync/carrying.ts";
import type { Why } from "../../sync/why.ts";
import { Page } from "../page.tsx";
import { Problem, useTrying } from "../problem.tsx";
import { ServerWords } from "../server-words.tsx";
import { shareFile } from "../sharing.ts";
import { Camera } from "./camera.tsx";
import { CodeScreen } from "./code-screen.tsx";

/** Says nothing of what is in it or where it is from. */
function fileOf(parcel: Bytes): File {
  const name = toHex(parcel.slice(-4));
  return new File([parcel], `parcel-${name}.age`, { type: "application/octet-stream" });
}

function Sending() {
  const [shown, setShown] = useState<Bytes>();
  const { problem, attempt } = useTrying();
  if (!canSend()) return <p>{t("courier-impossible")}</p>;
  if (unsentTotal.value === 0 && !shown) return <p>{t("courier-nothing")}</p>;
  const give = async () => shareFile(fileOf(await packUnsent()));
  const show = async () => setShown(shown ? undefined : await packUnsent());
  return (
    <>
      <p>{t("unsent-counting", { n: unsentTotal.value })}</p>
      <div class="row courier-actions">
        <button class="button primary" type="button" data-testid="courier-save" onClick={() => attempt(give)}>
          {t("courier-file")}
        </button>
        <button
          class="button"
          type="button"
          data-testid="courier-show"
          aria-expanded={shown !== undefined}
          onClick={() => attempt(show)}
        >
          {t(shown ? "courier-codes-end" : "courier-codes")}
        </button>
      </div>
      <Problem text={problem} testid="courier-problem" />
      {shown && <CodeScreen parcel={shown} />}
    </>
  );
}

function Taking() {
  const [looking, setLooking] = useState(false);
  const [outcome, setOutcome] = useState<"taken" | "not-one">();
  const { problem, attempt } = useTrying();
  const take = async (content: Bytes) => {
    setLooking(false);
    setOutcome(undefined);
    setOutcome((await carry(content)) ? "taken" : "not-one");
  };
  const open = async (file: File) => take(new Uint8Array(await file.arrayBuffer()));
  return (
    <>
      <div class="row courier-actions">
        <button
          class="button"
          type="button"
          data-testid="courier-scan"
          aria-expanded={looking}
          onClick={() => {
            setOutcome(undefined);
            setLooking(!looking);
          }}
        >
          {t(looking ? "courier-scan-end" : "courier-scan")}
        </button>
        <label class="button file-button">
          {t("courier-open")}
          <input
            type="file"
            data-testid="courier-open"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              if (file) attempt(() => open(file).finally(() => (currentTarget.value = "")));
            }}
          />
        </label>
      </div>
      {looking && <Camera onParcel={(parcel) => attempt(() => take(parcel))} />}
      <Problem text={problem} testid="courier-problem" />
      <p role="status" data-testid="courier-outcome">
        {outcome && t(outcome === "taken" ? "courier-taken" : "courier-not-one")}
      </p>
    </>
  );
}

const PROBLEMS: Record<string, PlainKey> = {
  unreadable: "parcels-problem-unreadable",
  distrusted: "parcels-problem-distrusted",
};

function WhyNotTaken({ why }: { why: Why | string }) {
  const { reason, rule = "" } = typeof why === "string" ? { reason: why } : why;
  const known = PROBLEMS[rule];
  return (
    <>
      {t("courier-refused")} {known ? t(known) : <ServerWords words={reason} />}
    </>
  );
}

function Fate({ parcel: { delivered, refused } }: { parcel: Carried }) {
  if (delivered) return t("courier-delivered", { stored: delivered.stored, refused: delivered.refused });
  return refused === null ? t("courier-waiting") : <WhyNotTaken why={refused} />;
}

function CarriedParcel({ parcel }: { parcel: Carried & Stored }) {
  const { problem, attempt } = useTrying();
  const state = parcel.delivered ? "delivered" : parcel.refused !== null ? "refused" : "waiting";
  return (
    <li class="record" data-testid="courier-parcel" data-state={state}>
      <div class="line-words">
        <p>
          <Fate parcel={parcel} />
        </p>
        <p class="quiet">
          {t("courier-parcel", { time: moment(parcel.taken), size: formatSize(parcel.size) })}
        </p>
        <Problem text={problem} testid="courier-problem" />
      </div>
      {state !== "waiting" && (
        <button class="button plain" type="button" onClick={() => attempt(() => forget(parcel._id))}>
          {t("courier-forget")}
        </button>
      )}
    </li>
  );
}

export function CourierPage() {
  const parcels = [...(carried.value?.values() ?? [])].sort((a, b) => b.taken - a.taken);
  return (
    <Page title={t("courier-title")} back="/app/delivery">
      <p>{t("courier-lead")}</p>
      <section class="card">
        <h2>{t("courier-send")}</h2>
        <Sending />
      </section>
      <section class="card">
        <h2>{t("courier-take")}</h2>
        <p class="quiet">{t("courier-take-lead", { address: `${location.host}/dashboard/parcels` })}</p>
        <Taking />
        {parcels.length > 0 && (
          <ul class="records">
            {parcels.map((parcel) => (
              <CarriedParcel key={parcel._id} parcel={parcel} />
            ))}
          </ul>
        )}
      </section>
    </Page>
  );
}
