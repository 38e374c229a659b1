import { digitPath, GUIDE } from "../../domain/postcode.ts";

/** A digit is 5 by 10 mm and stands 9 mm from the next; the bar tells the sorting machine where to begin. */
const STEP = 9;
const SCALE = 5;
const LEFT = 3;
const TOP = 4;

/** The six boxes of a postcode: what is known is written in, the faint guide is for a hand. */
export function Postcode({ code }: { code: string | undefined }) {
  const digits = Array.from({ length: 6 }, (_, index) => code?.[index]);
  const width = LEFT + 6 * STEP;
  return (
    <svg
      class="postcode"
      viewBox={`0 0 ${width} 16`}
      width={`${width}mm`}
      height="16mm"
      role="img"
      aria-label={code ?? ""}
    >
      <path class="postcode-bar" d={`M${LEFT} 1.2h${SCALE}`} />
      {digits.map((digit, index) => (
        <g key={index} transform={`translate(${LEFT + index * STEP} ${TOP}) scale(${SCALE})`}>
          <path class="postcode-guide" d={GUIDE} />
          {digit && <path class="postcode-digit" d={digitPath(Number(digit))} />}
        </g>
      ))}
    </svg>
  );
}
