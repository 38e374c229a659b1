import type { EventDocument } from "../generated/documents.ts";
import { postmark } from "../i18n/index.ts";

/** A postage stamp; with an event, postmarked with its day. */
export function Stamp({ event }: { event?: EventDocument }) {
  const mark = event && postmark(event);
  return (
    <div class="stamp" aria-hidden="true">
      <svg class="stamp-picture" viewBox="0 0 60 72" aria-hidden="true" focusable="false">
        <path class="stamp-sky" d="M6 6h48v60H6z" />
        <circle class="stamp-sun" cx="40" cy="24" r="7" />
        <path class="stamp-hill" d="M6 52l16-18 12 13 8-8 12 12v15H6z" />
      </svg>
      {mark && (
        <p class="postmark">
          <b>{mark.day}</b>
          <span>{mark.month}</span>
          <span>{mark.year}</span>
        </p>
      )}
    </div>
  );
}
