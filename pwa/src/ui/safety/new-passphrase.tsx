import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { PassphraseField } from "./passphrase-field.tsx";

/** Shorter ones are guessed within days, however slow each guess is. */
const SHORTEST = 8;

interface NewPassphraseState {
  passphrase: string;
  again: string;
  /** none at all, or a long enough one typed twice */
  isGood: boolean;
  setPassphrase: (value: string) => void;
  setAgain: (value: string) => void;
}

export function useNewPassphrase(): NewPassphraseState {
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const isLong = passphrase.trim().length >= SHORTEST;
  return {
    passphrase,
    again,
    isGood: passphrase === "" || (isLong && passphrase === again),
    setPassphrase,
    setAgain,
  };
}

function fault({ passphrase, again }: NewPassphraseState): "short" | "differs" | undefined {
  if (passphrase.trim().length < SHORTEST) return "short";
  return again && passphrase !== again ? "differs" : undefined;
}

/** Choosing a passphrase: typed twice, and said plainly what losing it means. */
export function NewPassphrase({ chosen }: { chosen: NewPassphraseState }) {
  const { passphrase, again, setPassphrase, setAgain } = chosen;
  const problem = passphrase ? fault(chosen) : undefined;
  return (
    <>
      <PassphraseField
        label={t("lock-passphrase")}
        hint={t(passphrase ? "lock-passphrase-lost" : "lock-passphrase-hint")}
        value={passphrase}
        testId="passphrase"
        onInput={setPassphrase}
      />
      {passphrase && (
        <PassphraseField
          label={t("lock-passphrase-again")}
          value={again}
          testId="passphrase-again"
          onInput={setAgain}
        />
      )}
      {problem && (
        <p class="quiet" role="status">
          {t(`lock-passphrase-${problem}`)}
        </p>
      )}
    </>
  );
}
