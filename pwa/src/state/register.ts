/** The register on this phone: names to write to, themes, chapters. */

import { computed } from "@preact/signals";
import { NameIndex } from "../domain/search.ts";
import type { ChapterDocument, PrisonerDocument, ThemeDocument } from "../generated/documents.ts";
import { openLocal } from "../store/databases.ts";
import { followPrefix } from "../store/ranges.ts";

const register = openLocal("register");

const prisoners = followPrefix<PrisonerDocument>(register, "prisoner:").documents;
const themes = followPrefix<ThemeDocument>(register, "theme:").documents;
const chapterDocuments = followPrefix<ChapterDocument>(register, "chapter:").documents;

export const names = computed(() => new NameIndex(prisoners.value?.values() ?? []));

export const allThemes = computed(() => [...(themes.value?.values() ?? [])]);

export function prisoner(id: string): PrisonerDocument | undefined {
  return prisoners.value?.get(id);
}

export function theme(slug: string): ThemeDocument | undefined {
  return themes.value?.get(`theme:${slug}`);
}

export function chapterDocument(slug: string): ChapterDocument | undefined {
  return chapterDocuments.value?.get(`chapter:${slug}`);
}
