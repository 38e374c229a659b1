import { useEffect, useMemo, useState } from "preact/hooks";
import type { Step } from "../domain/steps.ts";
import type { Tap } from "../domain/taps.ts";
import { t } from "../i18n/index.ts";
import { type Attempt, count, giveUp, takeBack, tryAgain } from "../state/counting.ts";
import { reasonOf } from "./problem.tsx";

const FELT_PLUS = 12;
const FELT_MINUS = [10, 40, 10];

/** Counting with a hand in it: what is stored is felt, what is not is said. */
export function useCounting(event: string) {
  const [problem, setProblem] = useState("");
  const acts = useMemo(() => {
    const attempt = async (work: Promise<void>, felt: number | number[]) => {
      try {
        await work;
        setProblem("");
        // Felt only once it is stored.
        navigator.vibrate?.(felt);
      } catch (error) {
        setProblem(reasonOf(error));
      }
    };
    return {
      tap: (tap: Tap) => void attempt(count(event, tap), tap.by > 0 ? FELT_PLUS : FELT_MINUS),
      takeBack: (step: Step) => void attempt(takeBack(event, step), FELT_MINUS),
      tryAgain: () => void attempt(tryAgain(event), FELT_PLUS),
      giveUp: () => {
        giveUp(event);
        setProblem("");
      },
    };
  }, [event]);
  return { problem, ...acts };
}

export type Counting = ReturnType<typeof useCounting>;

interface NotStoredProps {
  attempts: readonly Attempt[];
  counting: Counting;
}

/** Loud until it is stored, also for whoever was on another page meanwhile: the number stays on the screen, but nowhere else. */
export function NotStored({ attempts, counting: { problem, tryAgain, giveUp } }: NotStoredProps) {
  const failed = attempts.filter((attempt) => attempt.failed);
  const reason = problem || (failed[0] && reasonOf(failed[0].why));
  if (!reason) return null;
  return (
    <div class="notice trouble" role="alert" data-testid="not-saved">
      <p>
        {failed.length > 0 ? t("count-failed", { n: failed.length, reason }) : t("count-refused", { reason })}
      </p>
      {failed.length > 0 && (
        <p class="row">
          <button class="button primary" type="button" data-testid="save-again" onClick={tryAgain}>
            {t("count-save-again")}
          </button>
          <button class="button" type="button" data-testid="give-up" onClick={giveUp}>
            {t("count-give-up")}
          </button>
        </p>
      )}
    </div>
  );
}

/** Keeps the screen on while the page is seen, where the browser can. It lets go by itself when the page is hidden. */
export function useStayAwake(): void {
  useEffect(() => {
    let lock: Promise<WakeLockSentinel | undefined> | undefined;
    const hold = () => {
      if (document.visibilityState === "visible")
        // Refused where the battery is low: the evening goes on all the same.
        lock = navigator.wakeLock?.request("screen").catch(() => undefined);
    };
    hold();
    document.addEventListener("visibilitychange", hold);
    return () => {
      document.removeEventListener("visibilitychange", hold);
      void lock?.then((held) => held?.release());
    };
  }, []);
}
