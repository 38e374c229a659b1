/** The register on this phone: names to write to, themes, chapters. */

import { computed, effect } from "@preact/signals";
import { NameIndex } from "../domain/search.ts";
import type {
  ChapterDocument,
  CoverageDocument,
  FacilityDocument,
  PrisonerDocument,
  RulesDocument,
  ThemeDocument,
} from "../generated/documents.ts";
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
    facilities: followPrefix<FacilityDocument>(database, "facility:").documents,
    rules: followPrefix<RulesDocument>(database, "rules:").documents,
    coverage: followPrefix<CoverageDocument>(database, "coverage").documents,
  };
});

/** Whether what this phone holds of it has been read; until then an empty list says nothing. */
export const registerRead = computed(() => register.value?.prisoners.value !== undefined);

export const names = computed(() => new NameIndex(register.value?.prisoners.value?.values() ?? []));

const READY_AFTER_MS = 300;

/** Makes the index anew a moment after every change of the register, so that the first letter typed need not wait for it. */
export function keepNamesReady(): () => void {
  return effect(() => {
    if (!register.value?.prisoners.value) return;
    const timer = setTimeout(() => names.peek(), READY_AFTER_MS);
    return () => clearTimeout(timer);
  });
}

export const allPrisoners = computed(() => [...(register.value?.prisoners.value?.values() ?? [])]);

/** The advice on writing, in the order it is to be read. */
export const allRules = computed(() =>
  [...(register.value?.rules.value?.values() ?? [])].sort((a, b) => (a.order ?? 0) - (b.order ?? 0)),
);

/** Who has had how many letters lately, as the server last wrote it; undefined before it is here. */
export const coverage = computed(() => register.value?.coverage.value?.get("coverage"));

export const allThemes = computed(() => [...(register.value?.themes.value?.values() ?? [])]);

export function prisoner(id: string): PrisonerDocument | undefined {
  return register.value?.prisoners.value?.get(id);
}

export function facility(id: string): FacilityDocument | undefined {
  return register.value?.facilities.value?.get(id);
}

export function theme(slug: string): ThemeDocument | undefined {
  return register.value?.themes.value?.get(`theme:${slug}`);
}

export function chapterDocument(slug: string): ChapterDocument | undefined {
  return register.value?.chapters.value?.get(`chapter:${slug}`);
}
