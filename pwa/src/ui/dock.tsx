import type { Step } from "../domain/steps.ts";
import type { Tap } from "../domain/taps.ts";
import { t } from "../i18n/index.ts";
import { signed } from "./count-steps.tsx";
import { Icon } from "./icons.tsx";
import { recipientName } from "./people.ts";
import { shortcut } from "./shortcuts.tsx";

interface DockProps {
  /** how many people this phone has counted */
  heads: number;
  last: Step | undefined;
  tap: (tap: Tap) => void;
  takeBack: (step: Step) => void;
  askRow: (counter: Tap["counter"]) => void;
}

/** What undoing would take back, in as few words as fit on the button. */
function stepWords({ counter, by }: Step): string {
  return `${signed(by)} ${counter === "heads" ? t("figure-heads") : recipientName(counter.to)}`;
}

/** Under the thumb: one more person over the whole width; above it what is needed less often. */
export function Dock({ heads, last, tap, takeBack, askRow }: DockProps) {
  return (
    <div class="dock">
      <button
        class="dock-undo"
        type="button"
        disabled={!last}
        aria-keyshortcuts="Control+Z"
        data-testid="undo"
        onClick={() => last && takeBack(last)}
      >
        <Icon name="undo" />
        <span class="dock-words">
          <b>{t("event-undo")}</b>
          {last && <span>{stepWords(last)}</span>}
        </span>
      </button>
      <div class="dock-pair">
        <button
          type="button"
          aria-keyshortcuts={shortcut("N")}
          data-testid="heads-row"
          onClick={() => askRow("heads")}
        >
          {t("count-row")}
        </button>
        <button
          type="button"
          disabled={heads === 0}
          aria-label={t("event-heads-minus")}
          aria-keyshortcuts={shortcut("-")}
          data-testid="heads-minus"
          onClick={() => tap({ counter: "heads", by: -1 })}
        >
          <Icon name="minus" />
        </button>
      </div>
      <button
        class="dock-plus"
        type="button"
        aria-keyshortcuts={shortcut("+")}
        data-testid="heads-plus"
        onClick={() => tap({ counter: "heads", by: 1 })}
      >
        {t("event-heads-plus")}
      </button>
    </div>
  );
}
