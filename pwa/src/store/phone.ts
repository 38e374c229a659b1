/**
 * What this phone knows of itself, in a database that is never replicated:
 *
 *     membership              the device it was enrolled as, and its token
 *     settings                language, chosen chapter, the browser's answer about keeping the data
 *     mirrors, meter          further addresses of the server, and what was sent and received (see `state/line.ts`)
 *     parcel:<digest>         what is carried for another phone (see `sync/carrying.ts`)
 *     delivery:<database>:<id>  how far a document written here has got (see `sync/deliveries.ts`)
 */

import type { DeviceDocument } from "../generated/documents.ts";
import type { Database } from "./databases.ts";
import { change, findOrBegin } from "./documents.ts";

/** The answer to joining, as the server gave it. */
export interface Membership {
  device: string;
  pseudonym: string;
  role: DeviceDocument["role"];
  chapters: string[];
  databases: string[];
  token: string;
  /** by which this phone knows the server; an older server names none */
  keys?: ServerKeys | undefined;
  /** further addresses of the server, as they were when this phone joined */
  mirrors?: string[] | undefined;
  /** the private half of this phone's own key */
  key?: JsonWebKey | undefined;
}

/** `signing`: base64 of a public key on P-256; `courier`: an age recipient. */
export interface ServerKeys {
  signing: string;
  courier: string;
}

export type Language = "ru" | "en";

export interface Settings {
  /** null: as the browser asks */
  language: Language | null;
  /** null: the first one of the membership */
  chapter: string | null;
  /** the browser's promise to keep the data; null: not asked yet */
  persisted: boolean | null;
  /** seconds out of sight after which this phone locks; null: never by that */
  lockHidden: number | null;
  /** minutes without a touch after which it locks; null: never by that */
  lockIdle: number | null;
  /** the short way back while the page was not closed; null: always the passphrase */
  pin: string | null;
  /** whether single keys count; who speaks to the phone, or hits keys by accident, can switch that off */
  keys: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  language: null,
  chapter: null,
  persisted: null,
  lockHidden: 60,
  lockIdle: 15,
  pin: null,
  keys: true,
};

export const MEMBERSHIP = "membership";
export const SETTINGS = "settings";

/** Keeps what the server answered to joining; it replaces an older membership. */
export async function saveMembership(phone: Database, membership: Membership): Promise<void> {
  await change<Membership>(
    phone,
    () => findOrBegin<Membership>(phone, { _id: MEMBERSHIP, ...membership }),
    (stored) => ({ ...membership, _id: MEMBERSHIP, ...(stored._rev ? { _rev: stored._rev } : {}) }),
  );
}

export async function saveSettings(phone: Database, changed: Partial<Settings>): Promise<void> {
  await change<Settings>(
    phone,
    () => findOrBegin<Settings>(phone, { _id: SETTINGS, ...DEFAULT_SETTINGS }),
    (stored) => ({ ...stored, ...changed }),
  );
}
