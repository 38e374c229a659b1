/** Keeping what did not change the same object: a component that gets it is then not drawn again. */

import { useMemo } from "preact/hooks";

/** A value as it first was, for as long as `key` says the same of it. */
export function useSame<T>(value: T, key: string): T {
  return useMemo(() => value, [key]);
}
