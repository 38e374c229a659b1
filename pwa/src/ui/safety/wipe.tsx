import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { wipe } from "../../state/locking.ts";

const SECONDS = 5;

function Countdown({ onCancel }: { onCancel: () => void }) {
  const [left, setLeft] = useState(SECONDS);
  const stop = useRef<HTMLButtonElement>(null);
  // Whoever can't see where the way back is has five seconds too.
  useEffect(() => stop.current?.focus(), []);
  useEffect(() => {
    if (left === 0) return void wipe();
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return (
    <div class="notice trouble countdown" role="alertdialog" aria-label={t("lock-wipe")}>
      <p class="countdown-number" role="timer" data-testid="wipe-countdown">
        {left}
      </p>
      <p>{t("lock-wipe-soon")}</p>
      <button
        ref={stop}
        class="button"
        type="button"
        data-testid="wipe-cancel"
        onClick={onCancel}
        disabled={left === 0}
      >
        {t("lock-wipe-stop")}
      </button>
    </div>
  );
}

/** Removes everything from this phone, five seconds after it was asked to. */
export function Wipe() {
  const [step, setStep] = useState<"unasked" | "counting" | "stopped">("unasked");
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (step === "stopped") button.current?.focus();
  }, [step]);
  if (step === "counting") return <Countdown onCancel={() => setStep("stopped")} />;
  return (
    <button
      ref={button}
      class="button danger"
      type="button"
      data-testid="wipe"
      onClick={() => setStep("counting")}
    >
      {t("lock-wipe")}
    </button>
  );
}

/** All that is left when everything was wiped. */
export function WipedPage() {
  return (
    <div class="frame welcome">
      <main class="page">
        <section class="card" role="status" data-testid="wiped">
          <h1>{t("lock-wiped")}</h1>
          <p>{t("lock-wiped-lead")}</p>
        </section>
      </main>
    </div>
  );
}

/** Something could not be wiped: what is left, only the browser's own settings may be able to remove. */
export function UnwipedPage() {
  return (
    <div class="frame welcome">
      <main class="page">
        <section class="card notice trouble" role="alert" data-testid="unwiped">
          <h1>{t("lock-unwiped")}</h1>
          <p>{t("lock-unwiped-lead")}</p>
          <button class="button danger" type="button" data-testid="wipe-again" onClick={() => void wipe()}>
            {t("lock-wipe-again")}
          </button>
        </section>
      </main>
    </div>
  );
}
