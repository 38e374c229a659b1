import { useId, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import "../../styles/safety.css";

interface PassphraseFieldProps {
  label: string;
  hint?: string;
  value: string;
  isNew?: boolean;
  testId: string;
  onInput: (value: string) => void;
}

/** A passphrase being typed: hidden, or shown for as long as the person wants to see it. */
export function PassphraseField(props: PassphraseFieldProps) {
  const { label, hint, value, isNew = false, testId, onInput } = props;
  const [shown, setShown] = useState(false);
  const id = useId();
  const input = {
    id,
    // Browsers offer to keep what they take for an account's password: on this disk, or in their cloud.
    autoComplete: isNew ? "off" : "one-time-code",
    autoCapitalize: "none" as const,
    spellcheck: false,
    "aria-describedby": hint ? `${id}-hint` : undefined,
    "data-testid": testId,
    value,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => onInput(currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="passphrase">
        {shown ? <input type="text" {...input} /> : <input type="password" {...input} />}
        <button class="button plain" type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {t(shown ? "lock-hide" : "lock-show")}
        </button>
      </div>
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}
