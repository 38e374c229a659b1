import { useState } from "preact/hooks";
import { LIMITS, type Press } from "../../generated/documents.ts";
import { moment, t } from "../../i18n/index.ts";
import { type Evening, signPress } from "../../state/closing.ts";
import { membership } from "../../state/session.ts";
import type { Language } from "../../store/phone.ts";
import { Problem, reasonOf } from "../problem.tsx";
import { canShare, copyText, shareText } from "../sharing.ts";
import { CoordinatorPage } from "./page.tsx";
import { Picture } from "./picture.tsx";
import { claimsTooMuch, draftOf, isOutdated, isSigned, type Texts } from "./release.ts";
import "../../styles/closing.css";

function Share({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div class="row">
      <button
        class="button"
        type="button"
        data-testid="press-copy"
        onClick={() => void copyText(text).then(() => setCopied(true))}
      >
        {t(copied ? "release-copied" : "release-copy")}
      </button>
      {canShare() && (
        <button class="button" type="button" onClick={() => void shareText(text)}>
          {t("release-share")}
        </button>
      )}
    </div>
  );
}

interface TextProps {
  language: Language;
  text: string;
  isShareable: boolean;
  onChange: (text: string) => void;
}

function Text({ language, text, isShareable, onChange }: TextProps) {
  return (
    <div class="fields">
      <label class="field">
        <span>{t(`release-${language}`)}</span>
        <textarea
          class="release-text"
          lang={language}
          maxLength={LIMITS.text}
          data-testid={`press-${language}`}
          value={text}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      </label>
      {isShareable && <Share key={text} text={text} />}
    </div>
  );
}

function Signature({ press, isCurrent }: { press: Press; isCurrent: boolean }) {
  return (
    <>
      <p class="notice" role="status" data-testid="press-signed">
        {t("release-signed", { by: press.signed_by, moment: moment(Date.parse(press.signed)) })}
      </p>
      {!isCurrent && <p class="notice">{t("release-changed")}</p>}
    </>
  );
}

function Sign({ evening, texts, disabled }: { evening: Evening; texts: Texts; disabled: boolean }) {
  const [checked, setChecked] = useState(false);
  const [problem, setProblem] = useState("");
  const pseudonym = membership.value?.pseudonym ?? "";
  const sign = async () => {
    try {
      const signed = { signed_by: pseudonym, signed: new Date().toISOString() };
      await signPress(evening, { ...signed, ru: texts.ru.trim(), en: texts.en.trim() });
      setProblem("");
    } catch (error) {
      setProblem(t("closing-not-saved", { reason: reasonOf(error) }));
    }
  };
  return (
    <>
      <label class="tick">
        <input
          type="checkbox"
          checked={checked}
          data-testid="press-checked"
          onChange={({ currentTarget }) => setChecked(currentTarget.checked)}
        />
        <span>{t("release-checked")}</span>
      </label>
      <Problem text={problem} />
      <button
        class="button primary"
        type="button"
        disabled={!checked || disabled}
        data-testid="press-sign"
        onClick={() => void sign()}
      >
        {t("release-sign", { pseudonym })}
      </button>
    </>
  );
}

function Release({ evening }: { evening: Evening }) {
  const press = evening.standing?.press;
  const [texts, setTexts] = useState<Texts>(() =>
    press ? { ru: press.ru ?? "", en: press.en ?? "" } : draftOf(evening),
  );
  const signed = isSigned(texts, press);
  const tooMuch = claimsTooMuch(texts, evening.sent);
  const empty = !texts.ru.trim() && !texts.en.trim();
  return (
    <>
      <section class="card fields">
        <p class="quiet">{empty ? t("release-nothing") : t("release-lead")}</p>
        {press && <Signature press={press} isCurrent={signed} />}
        {isOutdated(evening) && <p class="notice">{t("release-outdated")}</p>}
        {(["ru", "en"] as const).map((language) => (
          <Text
            key={language}
            language={language}
            text={texts[language]}
            isShareable={signed && texts[language] !== ""}
            onChange={(text) => setTexts({ ...texts, [language]: text })}
          />
        ))}
        <button
          class="button plain"
          type="button"
          data-testid="press-redraft"
          onClick={() => setTexts(draftOf(evening))}
        >
          {t("release-redraft")}
        </button>
        {tooMuch && (
          <p class="notice trouble" role="alert" data-testid="press-not-sent">
            {t("release-not-sent")}
          </p>
        )}
        {!signed && <Sign evening={evening} texts={texts} disabled={tooMuch || empty} />}
      </section>
      {press && signed && <Picture event={evening.event} press={press} />}
    </>
  );
}

function Unclosed() {
  return (
    <section class="card">
      <p>{t("release-before")}</p>
      <a class="button primary" href={location.pathname.replace(/press$/, "closing")}>
        {t("release-to-closing")}
      </a>
    </section>
  );
}

export default function PressPage() {
  return (
    <CoordinatorPage title={t("release-title")} back={(ulid) => `/app/event/${ulid}/closing`}>
      {(evening) => (evening.standing ? <Release evening={evening} /> : <Unclosed />)}
    </CoordinatorPage>
  );
}
