import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { newUlid } from "../domain/identifiers.ts";
import { inZone, localZone, wallClock } from "../domain/time.ts";
import { LIMITS } from "../generated/documents.ts";
import { inLanguage, t } from "../i18n/index.ts";
import { makeEvent } from "../state/records.ts";
import { allThemes } from "../state/register.ts";
import { Form } from "./form.tsx";
import { Page } from "./page.tsx";
import { Problem, reasonOf } from "./problem.tsx";

/** An evening that begins within these hours is opened at once. */
const SOON_MS = 3 * 3_600_000;

function zones(): string[] {
  const own = localZone();
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes(own) ? known : [own, ...known];
}

function useEventForm() {
  const { route } = useLocation();
  // Minted when the form opens: pressing the button twice makes one evening.
  const [ulid] = useState(() => newUlid());
  const [today, now] = wallClock(new Date());
  const [fields, setFields] = useState({
    title: t("form-name-default"),
    theme: "",
    place: "",
    day: today,
    time: now,
    zone: localZone(),
  });
  const [problem, setProblem] = useState("");

  const change = (changed: Partial<typeof fields>) => setFields({ ...fields, ...changed });
  const save = async () => {
    const title = fields.title.trim();
    if (!title) return setProblem(t("form-name-missing"));
    if (!fields.day || !fields.time) return setProblem(t("form-time-missing"));
    const starts = inZone(fields.day, fields.time, fields.zone);
    const status = Date.parse(starts) - Date.now() < SOON_MS ? "open" : "planned";
    try {
      await makeEvent({
        ulid,
        title,
        theme: fields.theme || null,
        place: fields.place.trim(),
        starts,
        zone: fields.zone,
        status,
      });
      route(`/app/event/${ulid}`, true);
    } catch (error) {
      setProblem(t("event-not-saved", { reason: reasonOf(error) }));
    }
  };
  return { fields, change, save, problem };
}

type EventFields = ReturnType<typeof useEventForm>;

function When({ fields, change }: Pick<EventFields, "fields" | "change">) {
  return (
    <>
      <div class="row">
        <label class="field">
          <span>{t("form-day")}</span>
          <input
            type="date"
            required
            value={fields.day}
            onInput={(e) => change({ day: e.currentTarget.value })}
          />
        </label>
        <label class="field">
          <span>{t("form-time")}</span>
          <input
            type="time"
            required
            value={fields.time}
            onInput={(e) => change({ time: e.currentTarget.value })}
          />
        </label>
      </div>
      <label class="field">
        <span>{t("field-zone")}</span>
        <select value={fields.zone} onChange={(e) => change({ zone: e.currentTarget.value })}>
          {zones().map((zone) => (
            <option key={zone} value={zone}>
              {zone}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

export function EventForm() {
  const { fields, change, save, problem } = useEventForm();
  return (
    <Page title={t("form-title")} back="/">
      <Form class="card fields" noValidate onSend={() => void save()}>
        <p class="quiet">{t("form-lead")}</p>
        <label class="field">
          <span>{t("field-title")}</span>
          <input
            type="text"
            required
            maxLength={LIMITS.title}
            autoComplete="off"
            data-testid="event-title"
            value={fields.title}
            onFocus={({ currentTarget }) => currentTarget.select()}
            onInput={({ currentTarget }) => change({ title: currentTarget.value })}
          />
        </label>
        {allThemes.value.length > 0 && (
          <label class="field">
            <span>{t("field-theme")}</span>
            <select value={fields.theme} onChange={(e) => change({ theme: e.currentTarget.value })}>
              <option value="">{t("form-no-theme")}</option>
              {allThemes.value.map(({ _id, name }) => (
                <option key={_id} value={_id.slice("theme:".length)}>
                  {inLanguage(name)}
                </option>
              ))}
            </select>
          </label>
        )}
        <label class="field">
          <span>{t("field-place")}</span>
          <input
            type="text"
            maxLength={LIMITS.title}
            autoComplete="off"
            data-testid="event-place"
            value={fields.place}
            onInput={({ currentTarget }) => change({ place: currentTarget.value })}
          />
          <small>{t("form-place-hint")}</small>
        </label>
        <When fields={fields} change={change} />
        <Problem text={problem} />
        <button class="button primary" type="submit" data-testid="event-save">
          {t("form-save")}
        </button>
      </Form>
    </Page>
  );
}
