/** The register on this phone: names to write to, themes, chapters. */

import { computed } from "@preact/signals";
import { NameIndex } from "../domain/search.ts";
import type { ChapterDocument, PrisonerDocument, ThemeDocument } from "../generated/documents.ts";
import { openLocal } from "../store/databases.ts";
import { followPrefix } from "../store/ranges.ts";
import { membership } from "./session.ts";

const joined = computed(() => membership.value !== undefined);

/** Followed from the moment this phone joins; one that has left holds no register. */
const register = computed(() => {
  if (!joined.value) return undefined;
  const database = openLocal("register");
  return {
    prisoners: followPrefix<PrisonerDocument>(database, "prisoner:").documents,
    themes: followPrefix<ThemeDocument>(database, "theme:").documents,
    chapters: followPrefix<ChapterDocument>(database, "chapter:").documents,
  };
});

export const names = computed(() => new NameIndex(register.value?.prisoners.value?.values() ?? []));

export const allThemes = computed(() => [...(register.value?.themes.value?.values() ?? [])]);

export function prisoner(id: string): PrisonerDocument | undefined {
  return register.value?.prisoners.value?.get(id);
}

export function theme(slug: string): ThemeDocument | undefined {
  return register.value?.themes.value?.get(`theme:${slug}`);
}

export function chapterDocument(slug: string): ChapterDocument | undefined {
  return register.value?.chapters.value?.get(`chapter:${slug}`);
}
