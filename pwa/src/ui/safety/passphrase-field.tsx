import { useId, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import "../../styles/safety.css";

interface PassphraseFieldProps {
  label: string;
  hint?: string;
  value: string;
  testId: string;
  onInput: (value: string) => void;
}

/** A passphrase being typed: hidden, or shown for as long as the person wants to see it. */
export function PassphraseField(props: PassphraseFieldProps) {
  const { label, hint, value, testId, onInput } = props;
  const [shown, setShown] = useState(false);
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="passphrase">
        {/* No password field: browsers would keep its value, and the pseudonym beside it, with what they know of accounts. */}
        <input
          id={id}
          type="text"
          class={shown ? "" : "veiled"}
          autoComplete="off"
          autoCapitalize="none"
          spellcheck={false}
          aria-describedby={hint ? `${id}-hint` : undefined}
          data-testid={testId}
          value={value}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
        <button class="button plain" type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {t(shown ? "lock-hide" : "lock-show")}
        </button>
      </div>
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}
