import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { t } from "../i18n/index.ts";
import { invite } from "../state/invite.ts";
import { inviteFrom } from "../sync/join.ts";
import { Form } from "./form.tsx";
import { Greeting } from "./greeting.tsx";
import { LanguageSwitch } from "./language.tsx";
import { EvictedNotice } from "./storage-notice.tsx";

/** A field for an invite link that came as text. */
export function PasteInvite() {
  const { route } = useLocation();
  const [link, setLink] = useState("");
  const submit = () => {
    invite.value = inviteFrom(link);
    route("/join");
  };
  return (
    <Form class="fields" onSend={submit}>
      <label class="field">
        <span>{t("invite-paste")}</span>
        <input
          type="text"
          inputMode="url"
          autoComplete="off"
          spellcheck={false}
          required
          value={link}
          onInput={({ currentTarget }) => setLink(currentTarget.value)}
        />
      </label>
      <button class="button" type="submit">
        {t("welcome-paste-go")}
      </button>
    </Form>
  );
}

export function WelcomePage() {
  return (
    <Greeting title={t("welcome-title")} lead={t("welcome-lead")} named>
      <EvictedNotice />
      <section class="card">
        <h2>{t("welcome-how")}</h2>
        <ol class="steps">
          <li>{t("welcome-step-1")}</li>
          <li>{t("welcome-step-2")}</li>
          <li>{t("welcome-step-3")}</li>
        </ol>
        <PasteInvite />
      </section>
      <LanguageSwitch />
    </Greeting>
  );
}
