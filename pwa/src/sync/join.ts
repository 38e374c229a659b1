/** Enrolling this phone with an invite. */

import type { Membership } from "../store/phone.ts";

/** What can go wrong, in the words of the catalogue: each has its own advice to the person. */
export type JoinProblem = "offline" | "malformed" | "unknown" | "used" | "expired" | "trouble";

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

/** Uses an invite. An empty pseudonym lets the server suggest one. Throws a `JoinError`. */
export async function join(invite: string, pseudonym: string): Promise<Membership> {
  let answer: Response;
  try {
    answer = await fetch("/api/join", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      credentials: "omit",
      body: JSON.stringify(pseudonym ? { invite, pseudonym } : { invite }),
    });
  } catch {
    throw new JoinError("offline");
  }
  if (answer.status !== 201) throw new JoinError(PROBLEMS[answer.status] ?? "trouble");
  const { device, pseudonym: name, role, chapters, databases, token } = (await answer.json()) as Membership;
  return { device, pseudonym: name, role, chapters, databases, token };
}
