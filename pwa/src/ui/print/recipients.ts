/** Whom something is printed for: those chosen on the list who have an address to write to. */

import { isWaiting, placementNow } from "../../domain/fair.ts";
import { isStale } from "../../domain/vague.ts";
import type { FacilityDocument, Placement, PrisonerDocument } from "../../generated/documents.ts";
import { today } from "../../state/fair.ts";
import { facility, prisoner } from "../../state/register.ts";
import { addressOf, envelopeLines } from "../fair/words.ts";

export interface Recipient {
  person: PrisonerDocument;
  placement: Placement;
  /** who, where, the address */
  lines: string[];
  address: string;
  rules: FacilityDocument | undefined;
  isStale: boolean;
}

function recipient(person: PrisonerDocument): Recipient | undefined {
  const placement = placementNow(person);
  const address = placement && addressOf(placement);
  if (!address || !isWaiting(person)) return undefined;
  return {
    person,
    placement,
    address,
    lines: envelopeLines(person, placement),
    rules: placement.facility_id ? facility(placement.facility_id) : undefined,
    isStale: isStale(placement.verified_on, today()),
  };
}

/** By name in the order of the alphabet; `skipped` are those nothing can be sent to. */
export function recipientsOf(ids: Iterable<string>): {
  recipients: Recipient[];
  skipped: PrisonerDocument[];
} {
  const people = [...ids]
    .map(prisoner)
    .filter((person) => person !== undefined)
    .sort((a, b) => (a.name.ru ?? "").localeCompare(b.name.ru ?? "", "ru"));
  const recipients = people.map(recipient).filter((each) => each !== undefined);
  const reached = new Set(recipients.map(({ person }) => person._id));
  return { recipients, skipped: people.filter(({ _id }) => !reached.has(_id)) };
}

/** The facilities of some recipients, each once, with who is held there. */
export function byFacility(recipients: readonly Recipient[]): { name: string; of: Recipient[] }[] {
  const groups = new Map<string, Recipient[]>();
  for (const each of recipients) {
    const key = each.placement.facility_id ?? each.placement.facility;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((of) => ({ name: of[0]?.placement.facility ?? "", of }));
}
