/** How much work one guess of a passphrase is. Kept beside the salt, so that later phones may ask for more. */

export interface Cost {
  /** KiB of memory */
  memory: number;
  passes: number;
  parallelism: number;
}

/** RFC 9106's second recommendation, and never less. */
export const LEAST: Cost = { memory: 64 * 1024, passes: 3, parallelism: 1 };

/** Browsers on phones give a page not much more. */
const MOST_MEMORY = 256 * 1024;

/** What unlocking may take on this phone; a guess by somebody else takes no less work. */
const TARGET_MS = 1000;

/** The cost for a phone on which the least one took some milliseconds: the memory doubled while that stays bearable. */
export function costFor(milliseconds: number): Cost {
  let { memory } = LEAST;
  let expected = milliseconds;
  while (memory * 2 <= MOST_MEMORY && expected * 2 <= TARGET_MS) {
    memory *= 2;
    expected *= 2;
  }
  return { ...LEAST, memory };
}
