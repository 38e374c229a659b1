/** What may be written and enclosed: of one facility, and in general. */

import type { FacilityDocument, Localized } from "../../generated/documents.ts";
import { dotted, inLanguage, languageName, t, vagueDay } from "../../i18n/index.ts";
import { allRules } from "../../state/register.ts";

function Listed({ title, items }: { title: string; items: readonly string[] }) {
  return (
    <div>
      <h3>{title}</h3>
      {items.length === 0 ? (
        <p class="quiet">{t("facility-unknown")}</p>
      ) : (
        <ul class="bullets">
          {items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

const said = (words: readonly Localized[] | undefined) => (words ?? []).map(inLanguage);

/** The rules themselves, for the page and for paper. */
export function FacilityLists({ facility }: { facility: FacilityDocument }) {
  const { languages, forbidden, enclosures, eletters, verified_on, sources, note } = facility;
  return (
    <>
      <Listed title={t("facility-languages")} items={(languages ?? []).map(languageName)} />
      <Listed title={t("facility-forbidden")} items={said(forbidden)} />
      <Listed title={t("facility-enclosures")} items={said(enclosures)} />
      {eletters && (
        <Listed title={t("facility-eletters")} items={[dotted([eletters.name, eletters.address])]} />
      )}
      {note && <p>{inLanguage(note)}</p>}
      <p class="quiet">
        {dotted([
          verified_on && t("facility-checked", { day: vagueDay(verified_on) }),
          sources && sources.length > 0 && `${t("person-sources")}: ${sources.join("; ")}`,
        ])}
      </p>
    </>
  );
}

export function FacilityRules({ facility }: { facility: FacilityDocument }) {
  return (
    <section class="card rules" data-testid="facility-rules">
      <h2>{t("facility-rules")}</h2>
      <FacilityLists facility={facility} />
    </section>
  );
}

/** The advice that holds everywhere. */
export function Advice() {
  if (allRules.value.length === 0) return null;
  return (
    <section class="card rules" data-testid="advice">
      <h2>{t("advice-title")}</h2>
      {allRules.value.map(({ _id, title, text }) => (
        <div key={_id}>
          <h3>{inLanguage(title)}</h3>
          <p>{inLanguage(text)}</p>
        </div>
      ))}
    </section>
  );
}
