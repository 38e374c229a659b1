/**
 * Sheets of paper: the number printed on each.
 *
 *     event  01KG57Q800904F111BE4JDPJPJ
 *     paper  01KG57Q800904F111B7K3QDW52     the event's ULID with another ending: the sheet's number, 7 random signs and a check
 *
 * So whoever knows the event finds the sheet's id by its number alone, whichever phone printed it, and typing one sheet in
 * twice writes one document. A slip in typing fails the check instead of making another sheet.
 */

import { ALPHABET, eventUlid } from "./identifiers.ts";

const LENGTH = 8;

/** Signs that are read or typed for others: by the look, and on a keyboard of Russian letters. */
const MEANT: Readonly<Record<string, string>> = {
  ...{
    I: "1",
    L: "1",
    O: "0",
    А: "A",
    В: "B",
    С: "C",
    Е: "E",
    Н: "H",
    К: "K",
    М: "M",
    О: "0",
    Р: "P",
    Т: "T",
  },
  ...{ Х: "X", У: "Y" },
};

/** The check sign: every other sign counts twice (Luhn's rule, in base 32), so that a wrong or swapped sign is seen. */
function checkOf(signs: string): string {
  const sum = Array.from(signs.split("").reverse()).reduce((total, sign, at) => {
    const doubled = ALPHABET.indexOf(sign) * (at % 2 === 0 ? 2 : 1);
    return total + Math.floor(doubled / 32) + (doubled % 32);
  }, 0);
  return ALPHABET[(32 - (sum % 32)) % 32] ?? "";
}

/** A new number for a sheet of paper, of seven random bytes (fresh, unless given). */
export function newPaperNumber(entropy = crypto.getRandomValues(new Uint8Array(LENGTH - 1))): string {
  const signs = Array.from(entropy, (byte) => ALPHABET[byte & 31]).join("");
  return signs + checkOf(signs);
}

/** The number somebody has typed, or undefined where it can't be one. */
export function readPaperNumber(typed: string): string | undefined {
  const signs = Array.from(typed.toUpperCase().replace(/[\s-]/g, ""), (sign) => MEANT[sign] ?? sign).join("");
  if (signs.length !== LENGTH || !Array.from(signs).every((sign) => ALPHABET.includes(sign)))
    return undefined;
  return checkOf(signs.slice(0, -1)) === signs.at(-1) ? signs : undefined;
}

/** A number as people read it: `7K3Q DW52`. */
export function spelt(number: string): string {
  return `${number.slice(0, LENGTH / 2)} ${number.slice(LENGTH / 2)}`;
}

/** The ULID of a sheet of paper of an event (given by its id); it stands where a device stands on other sheets. */
export function paperUlid(event: string, number: string): string {
  return eventUlid(event).slice(0, -LENGTH) + number;
}

/** The number of a sheet of paper, by its ULID. */
export function paperNumber(ulid: string): string {
  return ulid.slice(-LENGTH);
}

/** What the QR code of a sheet says: of ids alone, so that a lost sheet tells nobody of a server. */
export function paperCode(event: string, number: string): string {
  return `PAPER:${eventUlid(event)}:${paperUlid(event, number)}`;
}

/** What a scanned code says, or undefined where it is none of ours. */
export function readPaperCode(text: string): { event: string; number: string } | undefined {
  const [, ulid, paper] = /^PAPER:([0-9A-Z]{26}):([0-9A-Z]{26})$/.exec(text) ?? [];
  const number = paper && readPaperNumber(paperNumber(paper));
  if (!ulid || !number) return undefined;
  const event = `event:${ulid}`;
  return paper === paperUlid(event, number) ? { event, number } : undefined;
}
