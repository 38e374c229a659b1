import { useEffect, useRef, useState } from "preact/hooks";
import { codeOf } from "../../courier/codes.ts";
import { toFrames } from "../../courier/frames.ts";
import type { Bytes } from "../../domain/bytes.ts";
import { t } from "../../i18n/index.ts";

/** Slow enough for a camera that reads eight pictures a second. */
const FRAME_MS = 250;

function draw(canvas: HTMLCanvasElement, code: readonly boolean[][]): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = Math.max(2, Math.floor(720 / code.length));
  canvas.width = code.length * scale;
  canvas.height = canvas.width;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  code.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) context.fillRect(x * scale, y * scale, scale, scale);
    });
  });
}

/** Shows a parcel as QR codes, one after the other, until it is taken away. */
export function CodeScreen({ parcel }: { parcel: Bytes }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState({ number: 0, count: 0 });
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    let gone = false;
    void toFrames(parcel).then((frames) => {
      if (gone) return;
      const codes = frames.map(codeOf);
      let number = 0;
      const show = () => {
        const code = codes[number % codes.length];
        if (canvas.current && code) draw(canvas.current, code);
        setShown({ number: (number % codes.length) + 1, count: codes.length });
        number += 1;
      };
      show();
      timer = setInterval(show, FRAME_MS);
    });
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [parcel]);
  return (
    <figure class="code-screen">
      <canvas ref={canvas} role="img" aria-label={t("courier-code")} data-testid="courier-code" />
      <figcaption class="quiet">
        {t("courier-code-hint", { number: shown.number, count: shown.count })}
      </figcaption>
    </figure>
  );
}
