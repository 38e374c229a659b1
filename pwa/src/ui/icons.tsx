/** The pictures of the app, drawn on a grid of 24. They say nothing a label does not say. */

const PATHS = {
  back: "M15 5l-7 7 7 7",
  forward: "M9 5l7 7-7 7",
  settings: "M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  undo: "M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.2 16.2L21 21",
  clear: "M7 7l10 10M17 7L7 17",
  sent: "M5 12.5l4.5 4.5L19 7.5",
  waiting: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.5l3 2",
  refused: "M12 4l9 16H3zM12 10v4.5M12 17.2v.1",
  unnamed: "M4 6h16v12H4zM4 6l8 6.5L20 6",
  stamp: "M5 5h14v14H5zM8.5 15.5l3-4 2.2 2.6 1.4-1.6 1.6 3M15 8.7v.1",
  letter: "M4 6h16v12H4zM4 6l8 6.5L20 6",
  card: "M4 6h16v12H4zM13 6v12M16 9.5h1.5M15.5 13h2.5",
  handmade: "M5 19l1-4.5L16.5 4 20 7.5 9.5 18zM14 6.5L17.5 10",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
