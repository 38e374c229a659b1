/** Sheets of address labels, as they are sold: A4 in portrait, sizes in millimetres. */

export interface LabelFormat {
  id: "70x37" | "99x38" | "64x38";
  columns: number;
  rows: number;
  width: number;
  height: number;
  /** from the edges of the paper to the first label */
  top: number;
  left: number;
  /** between two columns; rows touch each other */
  gap: number;
}

export const LABEL_FORMATS: readonly LabelFormat[] = [
  { id: "70x37", columns: 3, rows: 8, width: 70, height: 37, top: 0.5, left: 0, gap: 0 },
  { id: "99x38", columns: 2, rows: 7, width: 99.1, height: 38.1, top: 15.1, left: 4.65, gap: 2.5 },
  { id: "64x38", columns: 3, rows: 7, width: 63.5, height: 38.1, top: 15.1, left: 7.2, gap: 2.5 },
];

export function cells({ columns, rows }: LabelFormat): number {
  return columns * rows;
}

/** Sheets of cells, row by row. The first sheet begins at cell `start` (from 0): the ones before it are used up already. */
export function sheetsOf<Item>(
  items: readonly Item[],
  format: LabelFormat,
  start: number,
): (Item | undefined)[][] {
  const size = cells(format);
  const all = [...Array<undefined>(Math.min(start, size - 1)).fill(undefined), ...items];
  const sheets: (Item | undefined)[][] = [];
  for (let at = 0; at < all.length && items.length > 0; at += size) sheets.push(all.slice(at, at + size));
  return sheets;
}
