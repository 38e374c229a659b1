// Generated from server/domain/documents.py by scripts/generate. Do not edit.

/**
 * A phone said that the browser which showed this id may be signed in as its device.
 */
export interface ApprovalDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "approval";
  schema: number;
  device: string;
  approved: string;
}

/**
 * A regional group. `silent_after_days` is how long it may be unheard of before the dashboard warns.
 *
 * `tile` is its place on the map of chapters, a grid: column and row, from 1 at the top left.
 */
export interface ChapterDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "chapter";
  schema: number;
  name: Localized;
  zone?: string | null;
  silent_after_days?: number;
  tile?: number[] | null;
}

/**
 * The numbers a coordinator declared for an event. Immutable; replaced only by a later closing that names it.
 *
 * A null is not declared (the tally stands). `at_least` names the numbers that are lower bounds: "more than a hundred".
 * `same_table` says which sheets were reconciled for these numbers; the tally remains the sum of all of them. Signing a line
 * for the press makes a closing of the same numbers that replaces the one before.
 * `settles` names closings that competed with the one it replaces, and that whoever chose between them has seen.
 */
export interface ClosingDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "closing";
  schema: number;
  event: string;
  chapter: string;
  device: string;
  basis: "estimate" | "recount" | "tally";
  replaces?: string | null;
  settles?: string[];
  heads?: number | null;
  letters?: number | null;
  cards?: number | null;
  handmade?: number | null;
  recipients?: number | null;
  at_least?: ("cards" | "handmade" | "heads" | "letters" | "recipients")[];
  same_table?: SameTable[];
  press?: Press | null;
  note?: string;
}

/**
 * A PN-counter with one writer: both numbers only ever grow.
 */
export interface Counter {
  added: number;
  removed: number;
}

/**
 * Who has had how many letters lately: letters written per prisoner id since a day. The server keeps it.
 *
 * `last` is the day of the evening at which somebody was last written to, however long ago.
 */
export interface CoverageDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "coverage";
  schema: number;
  since: string;
  until: string;
  letters: Record<string, number>;
  last?: Record<string, string>;
}

/**
 * An enrolled device: a pseudonym, a role and chapters; nothing about the person. `key` is its public signing key.
 */
export interface DeviceDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "device";
  schema: number;
  pseudonym: string;
  role: "coordinator" | "hub" | "national" | "volunteer";
  chapters: string[];
  enrolled: string;
  invite?: string | null;
  key?: string | null;
}

/**
 * Letters of an event handed to the post or to an e-letter service on a day.
 */
export interface DispatchDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "dispatch";
  schema: number;
  event: string;
  chapter: string;
  device: string;
  on: string;
  count: number;
  method: "eletter" | "other" | "post";
  note?: string;
}

/**
 * A service that prints and hands over electronic letters.
 */
export interface ELetters {
  name: string;
  address?: string | null;
}

/**
 * A letter-writing evening or an exhibition.
 *
 * `device` made it (a volunteer may change only its own). `edited` says when each field was last changed, by the editor's
 * clock: it settles concurrent edits, whose losing values stay in `overruled` until a coordinator has seen them.
 * The public schedule shows it if `listed` is true; null leaves that to who made it (see `announcing`).
 */
export interface EventDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "event";
  schema: number;
  chapter: string;
  kind: "exhibition" | "letters";
  title: string;
  theme?: string | null;
  starts: string;
  ends?: string | null;
  zone?: string | null;
  place?: string;
  bring?: string;
  listed?: boolean | null;
  status: "cancelled" | "closed" | "open" | "planned";
  device?: string | null;
  edited?: Record<string, string>;
  overruled?: Overruled[];
}

/**
 * A prison, and what its censor lets through. Nothing is forbidden or allowed that no source says.
 *
 * `languages` are codes such as `ru`, those letters are taken in; `enclosures` what may be put in beside the letter. An
 * empty list means that nobody has found out.
 */
export interface FacilityDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "facility";
  schema: number;
  name: Localized;
  address?: string | null;
  languages?: string[];
  forbidden?: Localized[];
  enclosures?: Localized[];
  eletters?: ELetters | null;
  verified_on?: string | null;
  sources?: string[];
  invented?: boolean;
  note?: Localized | null;
}

/**
 * A number somebody published about all prisoners, as of a day: "at least 1,270 political prisoners".
 */
export interface FigureDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "figure";
  schema: number;
  about: Localized;
  count: number;
  at_least?: boolean;
  on: string;
  source: string;
}

/**
 * The mark that an invite was used, and by which device. Its id is the invite's: the second writer meets a conflict.
 */
export interface InviteDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "invite";
  schema: number;
  device: string;
  used: string;
}

/**
 * One counter of a sheet: letters of one kind and origin to one prisoner, or to no name (null).
 */
export interface Line {
  to: string | null;
  kind: "card" | "handmade" | "letter";
  added: number;
  removed: number;
  origin?: "brought" | "here" | "relayed";
}

/**
 * The same words in the languages there are; at least one must be there.
 */
export interface Localized {
  ru?: string;
  en?: string;
}

/**
 * A value that lost against a concurrent edit: its field, itself as JSON text (null: it was removed), its revision.
 */
export interface Overruled {
  field: string;
  value: string | null;
  rev: string;
}

/**
 * That a sheet was counted on paper, and which device typed it in.
 */
export interface Paper {
  by: string;
}

/**
 * A passkey of a device, by the id its authenticator gave it: the public key (base64url) and how often it signed.
 */
export interface PasskeyDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "passkey";
  schema: number;
  device: string;
  key: string;
  counter: number;
  added: string;
}

/**
 * Where a prisoner is or was held, and who says so since when.
 *
 * `facility` is the place in words; `facility_id` names the document that tells its rules, where there is one.
 */
export interface Placement {
  facility: string;
  facility_id?: string | null;
  address?: string | null;
  from?: string | null;
  to?: string | null;
  verified_on?: string | null;
  source?: string | null;
}

/**
 * The line for the press as a person signed it off, by pseudonym: words, not numbers; what counts is the closing.
 */
export interface Press {
  signed_by: string;
  signed: string;
  ru?: string;
  en?: string;
}

/**
 * A person letters are written to, with what has been published and where. `invented` marks people of demos and tests.
 *
 * `edited` says when each field was last changed, as in `Event`.
 * `merged_into` names the prisoner this document turned out to be another document about: letters to either are letters to
 * that one person. The document stays, because sheets name it.
 */
export interface PrisonerDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "prisoner";
  schema: number;
  name: Localized;
  born?: string | null;
  status: string;
  articles?: string[];
  detained_since?: string | null;
  sentence?: string | null;
  themes?: string[];
  placements?: Placement[];
  sources?: string[];
  invented?: boolean;
  merged_into?: string | null;
  note?: string;
  edited?: Record<string, string>;
}

/**
 * An answer that came back from a prisoner. Its words are nobody's business here.
 */
export interface ReplyDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "reply";
  schema: number;
  chapter: string;
  device: string;
  prisoner: string;
  on: string;
  event?: string | null;
}

/**
 * Somebody's word that the register is wrong about a prisoner, for those who keep it.
 *
 * `facility` is the place as the register named it then, so that a report is known to be outdated once the place is another.
 */
export interface ReportDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "report";
  schema: number;
  chapter: string;
  device: string;
  prisoner: string;
  kind: "address" | "moved" | "name" | "other" | "released" | "returned";
  on: string;
  facility?: string;
  note?: string;
}

/**
 * A device that is refused from this moment on. `by` is the device that revoked it, null for the operator.
 *
 * `forget` orders the phone to wipe what it holds.
 */
export interface RevocationDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "revocation";
  schema: number;
  device: string;
  revoked: string;
  by?: string | null;
  reason?: string;
  forget?: boolean;
}

/**
 * One page of advice on writing: what may be written, what a censor returns. Shown in ascending `order`.
 */
export interface RulesDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "rules";
  schema: number;
  title: Localized;
  text: Localized;
  order?: number;
}

/**
 * Sheets that counted the same people and letters, and the one of them that the declared numbers rest on.
 */
export interface SameTable {
  sheets: string[];
  picked: string;
}

/**
 * A browser in which a device is signed in, what let it in, and when it was ended.
 */
export interface SessionDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "session";
  schema: number;
  device: string;
  opened: string;
  by: "invite" | "passkey" | "phone";
  ended?: string | null;
}

/**
 * What one device counted at one event. Only that device writes it.
 *
 * A sheet of paper is one too: its `device` is the ULID printed on it, `paper` says who typed it in, and any device of the
 * chapter may do so or correct it.
 */
export interface SheetDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "sheet";
  schema: number;
  event: string;
  device: string;
  chapter: string;
  heads: Counter;
  letters: Line[];
  paper?: Paper | null;
}

/**
 * How long a device is let in, and whether it is at present. It may be written again, unlike a revocation.
 *
 * `until` null is for ever. `by` is the device of the coordinator who last changed it.
 */
export interface StandingDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "standing";
  schema: number;
  device: string;
  suspended?: boolean;
  until?: string | null;
  changed: string;
  by?: string | null;
}

/**
 * An occasion evenings share, such as a commemorative day.
 */
export interface ThemeDocument {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  type: "theme";
  schema: number;
  name: Localized;
  text?: Localized | null;
}

export type InChapter = EventDocument | SheetDocument | ClosingDocument | DispatchDocument | ReplyDocument | ReportDocument;

export type InRegister = PrisonerDocument | FacilityDocument | ChapterDocument | ThemeDocument | RulesDocument | FigureDocument | CoverageDocument;

export type InDevices = DeviceDocument | InviteDocument | RevocationDocument | StandingDocument | SessionDocument | ApprovalDocument | PasskeyDocument;

export type AnyDocument = InChapter | InRegister | InDevices;

export const ROLES = ["volunteer", "coordinator", "national", "hub"] as const;
export type Role = (typeof ROLES)[number];

export const EVENT_KINDS = ["letters", "exhibition"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const EVENT_STATUSES = ["planned", "open", "closed", "cancelled"] as const;
export type EventStatus = (typeof EVENT_STATUSES)[number];

export const LETTER_KINDS = ["letter", "card", "handmade"] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];

export const ORIGINS = ["here", "brought", "relayed"] as const;
export type Origin = (typeof ORIGINS)[number];

export const BASES = ["tally", "recount", "estimate"] as const;
export type Basis = (typeof BASES)[number];

export const DECLARABLES = ["heads", "letters", "cards", "handmade", "recipients"] as const;
export type Declarable = (typeof DECLARABLES)[number];

export const METHODS = ["post", "eletter", "other"] as const;
export type Method = (typeof METHODS)[number];

export const REPORT_KINDS = ["returned", "moved", "address", "name", "released", "other"] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

export const RULES = ["outside", "closed", "stranger", "register", "chapters", "coordinators", "coverage", "attachments", "volunteer-deletes", "counted", "others-sheet", "not-paper", "event-name", "others-event", "listing", "report-name", "others-report", "final", "id", "json", "type", "missing", "value", "named", "prisoner", "other-closing", "same-event"] as const;
export type Rule = (typeof RULES)[number];

export const LIMITS = {
  count: 1000000,
  lines: 5000,
  items: 200,
  title: 300,
  text: 20000,
  slug: 48,
} as const;

export const ID_PATTERNS = {
  event: /^event:([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  sheet: /^sheet:([0-7][0-9A-HJKMNP-TV-Z]{25}):([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  closing: /^closing:([0-7][0-9A-HJKMNP-TV-Z]{25}):([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  dispatch: /^dispatch:([0-7][0-9A-HJKMNP-TV-Z]{25}):([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  reply: /^reply:([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  report: /^report:([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  prisoner: /^prisoner:([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  facility: /^facility:([a-z0-9]+(?:-[a-z0-9]+)*)$(?!\n)/,
  chapter: /^chapter:([a-z0-9]+(?:-[a-z0-9]+)*)$(?!\n)/,
  theme: /^theme:([a-z0-9]+(?:-[a-z0-9]+)*)$(?!\n)/,
  rules: /^rules:([a-z0-9]+(?:-[a-z0-9]+)*)$(?!\n)/,
  figure: /^figure:([a-z0-9]+(?:-[a-z0-9]+)*)$(?!\n)/,
  coverage: /^coverage$(?!\n)/,
  device: /^device:([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  invite: /^invite:([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  revocation: /^revocation:([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  standing: /^standing:([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  session: /^session:([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  approval: /^approval:([0-7][0-9A-HJKMNP-TV-Z]{25})$(?!\n)/,
  passkey: /^passkey:([A-Za-z0-9_-]{1,1400})$(?!\n)/,
} as const;

export const SLUG_PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
