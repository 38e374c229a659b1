import type { Step } from "../domain/steps.ts";
import type { Tap } from "../domain/taps.ts";
import { dotted, formatNumber, moment, t } from "../i18n/index.ts";
import { focusNeighbour } from "./focus.ts";
import { Icon } from "./icons.tsx";
import { recipientName } from "./people.ts";

/** What a tap counts: people, or letters of a kind to somebody. */
export function counterWords(counter: Tap["counter"]): string {
  if (counter === "heads") return t("figure-heads");
  const { kind, to, origin } = counter;
  return dotted([t(`kind-${kind}`), recipientName(to), origin !== "here" && t(`letters-origin-${origin}`)]);
}

/** A number that was added or taken away: `+12`, `−1`. */
export function signed(by: number): string {
  return `${by > 0 ? "+" : "−"}${formatNumber(Math.abs(by))}`;
}

interface StepsProps {
  steps: readonly Step[];
  takeBack: (step: Step) => void;
}

interface StepItemProps {
  step: Step;
  takeBack: (step: Step) => void;
}

function StepItem({ step, takeBack }: StepItemProps) {
  const by = signed(step.by);
  const words = counterWords(step.counter);
  return (
    <li class="step" data-testid="step">
      <b>{by}</b>
      <span class="line-words">
        {words} <time class="quiet">{moment(step.at)}</time>
      </span>
      <button
        class="round"
        type="button"
        aria-label={t("count-take-back", { step: `${by} ${words}` })}
        data-testid="take-back"
        onClick={({ currentTarget }) => {
          focusNeighbour(currentTarget, "button");
          takeBack(step);
        }}
      >
        <Icon name="undo" />
      </button>
    </li>
  );
}

/** The last ten steps, each of which can be taken back by itself. */
export function Steps({ steps, takeBack }: StepsProps) {
  return (
    <details class="steps card" data-testid="steps">
      <summary>
        <h2>{t("count-steps")}</h2>
      </summary>
      {steps.length === 0 ? (
        <p class="quiet">{t("count-steps-none")}</p>
      ) : (
        <p class="quiet">{t("count-steps-lead")}</p>
      )}
      <ol>
        {steps.map((step) => (
          <StepItem key={step.id} step={step} takeBack={takeBack} />
        ))}
      </ol>
    </details>
  );
}
