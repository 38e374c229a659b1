import { language, t } from "../i18n/index.ts";
import { choose } from "../state/session.ts";
import type { Language } from "../store/phone.ts";
import { Segments } from "./segments.tsx";

const NAMES: Record<Language, string> = { ru: "Русский", en: "English" };

export function LanguageSwitch() {
  return (
    <Segments
      label={t("settings-language")}
      name="language"
      values={["ru", "en"]}
      chosen={language.value}
      naming={(each) => NAMES[each]}
      lang={(each) => each}
      onChoose={(value) => void choose({ language: value })}
    />
  );
}
