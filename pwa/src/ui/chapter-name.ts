import { inLanguage } from "../i18n/index.ts";
import { chapterDocument } from "../state/register.ts";

/** What a chapter is called; its slug until the register is here. */
export function chapterName(slug: string): string {
  const document = chapterDocument(slug);
  return document ? inLanguage(document.name) : slug;
}
