/** Why the server says no: by which rule, for the words of this phone's language, and a sentence in English for all else. */

export interface Why {
  reason: string;
  /** the rule's name (see `server/domain/errors.py`); undefined: an older server, another one, or no rule but a fault */
  rule?: string;
  /** where in the document the fault is: `letters[2].added` */
  path?: string;
}

/** What an answer, a row of one or an error of PouchDB says of why; undefined: nothing. Unknown members are left where they are. */
export function whyOf(said: unknown): Why | undefined {
  const { reason, rule, path } = (said ?? {}) as Record<keyof Why, unknown>;
  if (typeof reason !== "string") return undefined;
  return {
    reason,
    ...(typeof rule === "string" && { rule }),
    ...(typeof path === "string" && { path }),
  };
}
