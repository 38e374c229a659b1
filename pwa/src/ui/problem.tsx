/** Why something could not be done, in words and on the page. */

import { useState } from "preact/hooks";
import { SheetFull } from "../domain/taps.ts";
import { t } from "../i18n/index.ts";
import { Damaged } from "../store/sealed/sealing.ts";

export function reasonOf(error: unknown): string {
  if (error instanceof SheetFull) return t("event-full");
  if (error instanceof Damaged) return t("count-damaged");
  const message = error instanceof Error ? error.message : String(error);
  // The adapter knows no more of a write that the browser gave up, and for a good one it gives up for lack of room.
  return message === "unknown" ? t("count-no-room") : message;
}

/** Tries what may fail, and says why the last thing did; "": it did not. */
export function useTrying(): { problem: string; attempt: (act: () => Promise<unknown>) => void } {
  const [problem, setProblem] = useState("");
  const attempt = (act: () => Promise<unknown>) =>
    void act().then(
      () => setProblem(""),
      (error) => setProblem(t("app-not-done", { reason: reasonOf(error) })),
    );
  return { problem, attempt };
}

/** Said at once; "": there is nothing to say. */
export function Problem({ text, testid }: { text: string; testid?: string }) {
  if (!text) return null;
  return (
    <p class="notice trouble" role="alert" data-testid={testid}>
      {text}
    </p>
  );
}
