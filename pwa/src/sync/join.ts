/** Enrolling this phone with an invite. */

import type { Membership } from "../store/phone.ts";
import { makeKeyPair } from "./keys.ts";

/** What can go wrong, in the words of the catalogue: each has its own advice to the person. */
export type JoinProblem = "offline" | "malformed" | "pseudonym" | "unknown" | "used" | "expired" | "trouble";

export class JoinError extends Error {
  override name = "JoinError";
  readonly problem: JoinProblem;

  constructor(problem: JoinProblem) {
    super(problem);
    this.problem = problem;
  }
}

const PROBLEMS: Record<number, JoinProblem> = {
  400: "malformed",
  403: "unknown",
  409: "used",
  410: "expired",
};

/** The invite inside a pasted link, or the pasted text itself. */
export function inviteFrom(text: string): string {
  const trimmed = text.trim();
  return trimmed.includes("#") ? trimmed.slice(trimmed.indexOf("#") + 1) : trimmed;
}

async function problemOf(answer: Response): Promise<JoinProblem> {
  // The only other field there is: the reason names it.
  const { reason = "" } = (await answer.json().catch(() => ({}))) as { reason?: string };
  if (answer.status === 400 && reason.startsWith("pseudonym")) return "pseudonym";
  return PROBLEMS[answer.status] ?? "trouble";
}

/** Uses an invite. An empty pseudonym lets the server suggest one in a language. Throws a `JoinError`. */
export async function join(invite: string, pseudonym: string, language: string): Promise<Membership> {
  const pair = await makeKeyPair();
  let answer: Response;
  try {
    answer = await fetch("/api/join", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": language },
      credentials: "omit",
      cache: "no-store",
      body: JSON.stringify({ invite, pseudonym: pseudonym || undefined, key: pair?.known }),
    });
  } catch {
    throw new JoinError("offline");
  }
  if (answer.status !== 201) throw new JoinError(await problemOf(answer));
  const {
    device,
    pseudonym: name,
    role,
    chapters,
    databases,
    token,
    keys,
    mirrors,
  } = (await answer.json()) as Membership;
  return { device, pseudonym: name, role, chapters, databases, token, keys, mirrors, key: pair?.own };
}
