import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { language, t } from "../i18n/index.ts";
import { prepareVault, vaultState } from "../safety/vault.ts";
import { restartEverywhere, unsentTotal } from "../state/delivery.ts";
import { invite } from "../state/invite.ts";
import { chapter, enrol, membership } from "../state/session.ts";
import { JoinError, type JoinProblem, join } from "../sync/join.ts";
import { chapterName } from "./chapter-name.ts";
import { Form } from "./form.tsx";
import { Greeting } from "./greeting.tsx";
import { LanguageSwitch } from "./language.tsx";
import { NewPassphrase, useNewPassphrase } from "./safety/new-passphrase.tsx";
import { EvictedNotice } from "./storage-notice.tsx";
import { PasteInvite } from "./welcome.tsx";

/** The server takes no longer one. */
const LONGEST_PSEUDONYM = 40;

function AlreadyJoined() {
  const member = membership.value;
  if (!member) return null;
  return (
    <div class="notice">
      <p>{t("join-already", { pseudonym: member.pseudonym, chapter: chapterName(chapter.value ?? "") })}</p>
      <p>{t("join-already-lead")}</p>
      {unsentTotal.value > 0 && <p>{t("join-already-unsent", { n: unsentTotal.value })}</p>}
      <a class="button" href="/">
        {t("app-to-events")}
      </a>
    </div>
  );
}

/** Asking once is enough: a second request with the same invite would meet a used one. */
function useJoining() {
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<JoinProblem>();
  const submit = async (pseudonym: string, passphrase: string) => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      // Stretching comes first: between the answer and keeping it nothing must take long.
      const vault = vaultState.value === "empty" ? await prepareVault(passphrase) : undefined;
      await enrol(await join(invite.value, pseudonym, language.value), vault);
      invite.value = "";
      restartEverywhere();
      route("/", true);
    } catch (error) {
      setProblem(error instanceof JoinError ? error.problem : "trouble");
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, submit };
}

function PseudonymField({ value, onInput }: { value: string; onInput: (value: string) => void }) {
  return (
    <label class="field">
      <span>{t("join-pseudonym")}</span>
      <input
        type="text"
        maxLength={LONGEST_PSEUDONYM}
        autoComplete="off"
        placeholder={t("join-pseudonym-example")}
        aria-describedby="pseudonym-hint"
        data-testid="join-pseudonym"
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      <small id="pseudonym-hint">{t("join-pseudonym-hint")}</small>
    </label>
  );
}

function submitLabel(passphrase: string, asksPassphrase: boolean): string {
  if (membership.value) return t("join-replace");
  return asksPassphrase && !passphrase ? t("lock-join-unguarded") : t("join-submit");
}

function JoinForm() {
  const { busy, problem, submit } = useJoining();
  const [pseudonym, setPseudonym] = useState("");
  const chosen = useNewPassphrase();
  // A phone that keeps something already has its passphrase, or can choose one in the settings.
  const asksPassphrase = vaultState.value === "empty" || busy;
  const again = membership.value !== undefined;
  return (
    <Form
      class="fields"
      onSend={() => {
        if (chosen.isGood) void submit(pseudonym.trim(), chosen.passphrase);
      }}
    >
      <PseudonymField value={pseudonym} onInput={setPseudonym} />
      {asksPassphrase && !again && <NewPassphrase chosen={chosen} />}
      {problem && (
        <p class="notice trouble" role="alert" data-testid="join-problem">
          {t(`join-problem-${problem}`)}
        </p>
      )}
      <button
        class={again ? "button danger" : "button primary"}
        type="submit"
        disabled={busy || !chosen.isGood}
        data-testid="join-submit"
      >
        {busy ? t("join-busy") : submitLabel(chosen.passphrase, asksPassphrase)}
      </button>
    </Form>
  );
}

export function JoinPage() {
  return (
    <Greeting title={t("join-title")} lead={t("join-lead")} named>
      <EvictedNotice />
      <AlreadyJoined />
      <section class="card">
        {invite.value ? (
          <JoinForm />
        ) : (
          <>
            <p>{t("join-no-invite")}</p>
            <PasteInvite />
          </>
        )}
      </section>
      <LanguageSwitch />
    </Greeting>
  );
}
