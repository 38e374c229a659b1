/**
 * What may be said to the press about an evening: which sentences, with which numbers. The twin of `server/domain/press.py`,
 * which says why; the golden lines in `fixtures/golden/press.json` hold both to the same words.
 */

import type { ClosingDocument, Declarable } from "../generated/documents.ts";
import type { Key } from "../i18n/texts.ts";
import type { Tally } from "./counting.ts";

/** Attendance is told as "more than" the first of these that it exceeds; twenty people and fewer are not mentioned. */
export const BANDS = [1000, 500, 300, 200, 150, 100, 70, 50, 30, 20] as const;
export type Band = (typeof BANDS)[number];

/** What the sentences are made from. The `least_…` say that a number is a lower bound. */
export interface PressNumbers {
  written: number;
  recipients: number;
  cards: number;
  heads: number;
  sent: number;
  provisional: boolean;
  least_written: boolean;
  least_recipients: boolean;
  least_heads: boolean;
}

/** A key of the catalogue and the values of its text. */
export interface Sentence {
  key: PressKey;
  values: Readonly<Record<string, string | number>>;
}

export type PressKey = Extract<
  Key,
  `press-heads-${Band}` | `press-sent${string}` | "press-cards" | "press-written"
>;

/** An event's published numbers: what was declared, the tally for all else. */
export function pressNumbers(tally: Tally, closing: ClosingDocument | undefined, sent: number): PressNumbers {
  const least = (...names: Declarable[]) =>
    names.some((name) => typeof closing?.[name] === "number" && closing.at_least?.includes(name));
  const declared = (name: "heads" | "letters" | "cards" | "handmade" | "recipients") =>
    closing?.[name] ?? tally[name];
  const cards = declared("cards") + declared("handmade");
  return {
    written: declared("letters") + cards,
    recipients: declared("recipients"),
    // Part of a lower bound is no number to name.
    cards: least("cards", "handmade") ? 0 : cards,
    heads: declared("heads"),
    sent,
    provisional: closing === undefined,
    least_written: least("letters", "cards", "handmade"),
    least_recipients: least("recipients"),
    least_heads: least("heads"),
  };
}

/** The band of an attendance, undefined for a small circle. A hundred as a lower bound is "more than a hundred" too. */
export function attendance(heads: number, atLeast = false): Band | undefined {
  return BANDS.find((band) => heads > band || (atLeast && heads === band));
}

function written(numbers: PressNumbers): Sentence {
  const to = numbers.least_recipients ? "least" : "exact";
  const values = {
    stage: numbers.provisional ? "provisional" : "final",
    bound: numbers.least_written ? "least" : "exact",
    letters: numbers.written,
    to: numbers.recipients > 0 ? to : "nobody",
    recipients: numbers.recipients,
  };
  return { key: "press-written", values };
}

/** The sentences about an evening, in their order; none where nothing was written and hardly anybody came. */
export function pressLine(numbers: PressNumbers): Sentence[] {
  const { cards, sent } = numbers;
  const line: Sentence[] = [];
  const band = attendance(numbers.heads, numbers.least_heads);
  if (band) line.push({ key: `press-heads-${band}`, values: {} });
  if (numbers.written > 0) line.push(written(numbers));
  if (cards > 0 && cards < numbers.written) line.push({ key: "press-cards", values: { n: cards } });
  if (sent > 0) {
    const allOfThem = sent === numbers.written && !numbers.least_written && !numbers.provisional;
    line.push({ key: allOfThem ? "press-sent-all" : "press-sent", values: { n: sent } });
  }
  return line;
}

/** Whether a text says that letters were sent: then they must have been. Written is not sent. */
export function claimsSent(text: string): boolean {
  return /отправлен|отослан|выслан|\bsent\b|\bposted\b|\bmailed\b/i.test(text);
}
