import { useEffect, useRef, useState } from "preact/hooks";
import { dayOf } from "../../domain/time.ts";
import type { EventDocument, Press } from "../../generated/documents.ts";
import { postmark, t } from "../../i18n/index.ts";
import { dayIn } from "../../i18n/press.ts";
import { say } from "../../i18n/texts.ts";
import { saveFile } from "../../state/saving.ts";
import type { Language } from "../../store/phone.ts";
import { Segments } from "../segments.tsx";
import { canShare, shareFile } from "../sharing.ts";
import { CARD_FORMATS, type CardFormat, type CardWords, cardFile, drawCard } from "./card.ts";
import { placeIn } from "./release.ts";

const FORMATS: readonly CardFormat[] = ["wide", "square"];

function wordsOf(event: EventDocument, language: Language, text: string): CardWords {
  const day = dayIn(language, dayOf(event));
  return {
    text,
    address: [say(language, "release-card-theme"), placeIn(language, event.chapter), day],
    wordmark: say(language, "app-name"),
    postmark: postmark(event, language),
  };
}

/** The picture of a signed line, to be saved or shared. */
export function Picture({ event, press }: { event: EventDocument; press: Press }) {
  const languages = (["ru", "en"] as const).filter((language) => press[language]);
  const [language, setLanguage] = useState<Language>(languages[0] ?? "ru");
  const [format, setFormat] = useState<CardFormat>("wide");
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = press[language] ?? "";
  useEffect(() => {
    if (canvas.current) drawCard(canvas.current, format, wordsOf(event, language, text));
  }, [event, language, format, text]);
  const name = `otkrytka-${dayOf(event)}-${language}-${CARD_FORMATS[format].width}.png`;
  const withFile = async (use: (file: File) => void | Promise<void>) => {
    if (canvas.current) await use(await cardFile(canvas.current, name));
  };
  return (
    <section class="card">
      <h2>{t("release-card")}</h2>
      <p class="quiet">{t("release-card-lead")}</p>
      <canvas
        ref={canvas}
        class="press-card"
        role="img"
        aria-label={t("release-card-alt", { text })}
        data-testid="press-card"
      />
      <Segments
        label={t("release-card-format")}
        name="format"
        values={FORMATS}
        chosen={format}
        naming={(each) => `${CARD_FORMATS[each].width} × ${CARD_FORMATS[each].height}`}
        testid="card"
        onChoose={setFormat}
      />
      <Segments
        label={t("release-card-language")}
        name="card-language"
        values={languages}
        chosen={language}
        naming={(each) => t(`language-${each}`)}
        lang={(each) => each}
        testid="card"
        onChoose={setLanguage}
      />
      <div class="row">
        <button class="button" type="button" data-testid="card-save" onClick={() => void withFile(saveFile)}>
          {t("release-card-save")}
        </button>
        {canShare() && (
          <button class="button" type="button" onClick={() => void withFile((file) => shareFile(file, text))}>
            {t("release-share")}
          </button>
        )}
      </div>
    </section>
  );
}
