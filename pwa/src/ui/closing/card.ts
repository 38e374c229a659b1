/**
 * The picture card: a postcard with the signed line, drawn on a canvas. Always on light paper, whatever the phone's theme:
 * it is to be seen elsewhere.
 */

export const CARD_FORMATS = {
  wide: { width: 1200, height: 630 },
  square: { width: 1080, height: 1080 },
} as const;
export type CardFormat = keyof typeof CARD_FORMATS;

export interface CardWords {
  text: string;
  /** the address side: what, where, when */
  address: readonly string[];
  wordmark: string;
  postmark: { day: string; month: string; year: string };
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const PAPER = "#f4eee1";
const SHEET = "#fffdf8";
const INK = "#26211b";
const FADED = "#6a6156";
const LINE = "#e0d6c3";
const RULE = "#8d8271";
const ACCENT = "#b5391f";
const WASH = "#f8e5dc";
const SERIF = 'ui-serif, "Iowan Old Style", Palatino, "Noto Serif", Georgia, serif';
const MARGIN = 36;
const PADDING = 56;
const STAMP = { width: 132, height: 158 };
const LARGEST = 84;
const SMALLEST = 20;

type Pen = CanvasRenderingContext2D;

function wrap(pen: Pen, text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(/ +/)) {
      const longer = line ? `${line} ${word}` : word;
      if (line && pen.measureText(longer).width > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
  }
  return lines;
}

/** Writes a text as large as it fits into a box; what does not fit at the smallest size runs over its lower edge. */
function writeFitting(pen: Pen, text: string, box: Box): void {
  let size = LARGEST;
  let lines: string[] = [];
  for (; size >= SMALLEST; size -= 2) {
    pen.font = `${size}px ${SERIF}`;
    lines = wrap(pen, text, box.width);
    const widest = Math.max(...lines.map((line) => pen.measureText(line).width));
    if (lines.length * size * 1.3 <= box.height && widest <= box.width) break;
  }
  pen.fillStyle = INK;
  for (const [index, line] of lines.entries()) pen.fillText(line, box.x, box.y + size + index * size * 1.3);
}

function stroke(pen: Pen, colour: string, width: number, path: () => void): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  path();
  pen.stroke();
}

function sheet(pen: Pen, { width, height }: { width: number; height: number }): void {
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, width, height);
  pen.shadowColor = "rgb(80 60 30 / 18%)";
  pen.shadowBlur = 24;
  pen.shadowOffsetY = 6;
  pen.fillStyle = SHEET;
  pen.fillRect(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN);
  pen.shadowColor = "transparent";
  stroke(pen, LINE, 2, () => pen.rect(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN));
}

/** The stamp: perforated, with a sun over hills. */
function stamp(pen: Pen, x: number, y: number): void {
  const { width, height } = STAMP;
  pen.fillStyle = LINE;
  pen.fillRect(x, y, width, height);
  pen.fillStyle = SHEET;
  for (let at = 0; at <= width; at += 22) for (const edge of [y, y + height]) hole(pen, x + at, edge);
  for (let at = 0; at <= height; at += 22.5) for (const edge of [x, x + width]) hole(pen, edge, y + at);
  pen.fillStyle = WASH;
  pen.fillRect(x + 16, y + 16, width - 32, height - 32);
  pen.fillStyle = ACCENT;
  pen.beginPath();
  pen.arc(x + 88, y + 56, 15, 0, 2 * Math.PI);
  pen.fill();
  pen.globalAlpha = 0.35;
  pen.beginPath();
  pen.moveTo(x + 16, y + 116);
  for (const [right, down] of [
    [52, 74],
    [80, 104],
    [96, 86],
    [116, 106],
    [116, 142],
    [16, 142],
  ] as const)
    pen.lineTo(x + right, y + down);
  pen.fill();
  pen.globalAlpha = 1;
}

function hole(pen: Pen, x: number, y: number): void {
  pen.beginPath();
  pen.arc(x, y, 6, 0, 2 * Math.PI);
  pen.fill();
}

function postmark(pen: Pen, x: number, y: number, { day, month, year }: CardWords["postmark"]): void {
  pen.save();
  pen.translate(x, y);
  pen.rotate(-0.16);
  stroke(pen, RULE, 4, () => pen.arc(0, 0, 66, 0, 2 * Math.PI));
  stroke(pen, RULE, 2, () => pen.arc(0, 0, 56, 0, 2 * Math.PI));
  pen.textAlign = "center";
  pen.fillStyle = INK;
  pen.font = `600 44px ${SERIF}`;
  pen.fillText(day, 0, 4);
  pen.fillStyle = FADED;
  pen.font = `20px ${SERIF}`;
  pen.fillText(month, 0, 26);
  pen.fillText(year, 0, 46);
  pen.restore();
}

/** Address lines, each on its rule; what is too long is written smaller. */
function address(pen: Pen, lines: readonly string[], box: Box): void {
  pen.fillStyle = FADED;
  for (const [index, line] of lines.entries()) {
    const y = box.y + box.height - 56 * (lines.length - 1 - index);
    stroke(pen, LINE, 2, () => {
      pen.moveTo(box.x, y + 12);
      pen.lineTo(box.x + box.width, y + 12);
    });
    for (let size = 32; size >= 14; size -= 1) {
      pen.font = `${size}px ${SERIF}`;
      if (pen.measureText(line).width <= box.width) break;
    }
    pen.fillText(line, box.x, y);
  }
}

function layout({ width, height }: { width: number; height: number }): { text: Box; side: Box; rule: Box } {
  const inner = { x: MARGIN + PADDING, y: MARGIN + PADDING };
  const [w, h] = [width - 2 * inner.x, height - 2 * inner.y];
  if (width > height) {
    const side = 330;
    return {
      text: { ...inner, width: w - side - PADDING, height: h - 50 },
      side: { x: inner.x + w - side, y: inner.y, width: side, height: h },
      rule: { x: inner.x + w - side - PADDING / 2, y: inner.y, width: 0, height: h },
    };
  }
  const side = 310;
  return {
    text: { ...inner, width: w, height: h - side - PADDING - 50 },
    side: { x: inner.x, y: inner.y + h - side, width: w, height: side },
    rule: { x: inner.x, y: inner.y + h - side - PADDING / 2, width: w, height: 0 },
  };
}

/** Draws a card of a format. */
export function drawCard(canvas: HTMLCanvasElement, format: CardFormat, words: CardWords): void {
  const size = CARD_FORMATS[format];
  Object.assign(canvas, size);
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const { text, side, rule } = layout(size);
  sheet(pen, size);
  pen.fillStyle = ACCENT;
  pen.font = `italic 30px ${SERIF}`;
  pen.fillText(words.wordmark, text.x, text.y + 22);
  writeFitting(pen, words.text, { ...text, y: text.y + 50 });
  stroke(pen, LINE, 2, () => {
    pen.moveTo(rule.x, rule.y);
    pen.lineTo(rule.x + rule.width, rule.y + rule.height);
  });
  stamp(pen, side.x + side.width - STAMP.width, side.y);
  postmark(pen, side.x + side.width - STAMP.width - 30, side.y + STAMP.height - 46, words.postmark);
  address(pen, words.address, { ...side, height: side.height - 14 });
}

/** The card as a PNG file. Rejects where the browser can't make one. */
export function cardFile(canvas: HTMLCanvasElement, name: string): Promise<File> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) =>
        blob ? resolve(new File([blob], name, { type: "image/png" })) : reject(new Error("no picture")),
      "image/png",
    );
  });
}
