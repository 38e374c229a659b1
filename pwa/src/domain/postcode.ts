/**
 * The digits of Russian postcodes as sorting machines read them: strokes in a box twice as high as it is wide.
 *
 *     (0,0) ─── (1,0)     Each digit is a set of these strokes: the four edges and the
 *       │     ╱   │       middle line, their halves, and one diagonal in each half.
 *     (0,1) ─── (1,1)
 *       │     ╱   │
 *     (0,2) ─── (1,2)
 */

type Stroke = keyof typeof STROKES;

const STROKES = {
  top: "M0 0H1",
  middle: "M0 1H1",
  bottom: "M0 2H1",
  upperLeft: "M0 0V1",
  upperRight: "M1 0V1",
  lowerLeft: "M0 1V2",
  lowerRight: "M1 1V2",
  upperSlash: "M1 0L0 1",
  lowerSlash: "M1 1L0 2",
} as const;

const DIGITS: readonly (readonly Stroke[])[] = [
  ["top", "upperLeft", "upperRight", "lowerLeft", "lowerRight", "bottom"],
  ["upperSlash", "upperRight", "lowerRight"],
  ["top", "upperRight", "lowerSlash", "bottom"],
  ["top", "upperSlash", "middle", "lowerSlash"],
  ["upperLeft", "middle", "upperRight", "lowerRight"],
  ["top", "upperLeft", "middle", "lowerRight", "bottom"],
  ["upperSlash", "middle", "lowerLeft", "lowerRight", "bottom"],
  ["top", "upperSlash", "lowerLeft"],
  ["top", "upperLeft", "upperRight", "middle", "lowerLeft", "lowerRight", "bottom"],
  ["top", "upperLeft", "upperRight", "middle", "lowerSlash"],
];

/** All strokes there are: the faint guide one writes over by hand. */
export const GUIDE: string = Object.values(STROKES).join("");

/** The path of a digit in a box of 1 by 2. */
export function digitPath(digit: number): string {
  return (DIGITS[digit] ?? []).map((stroke) => STROKES[stroke]).join("");
}

/** The postcode an address begins with or contains: six digits standing alone. */
export function postcodeOf(address: string): string | undefined {
  return /(?<!\d)\d{6}(?!\d)/.exec(address)?.[0];
}
