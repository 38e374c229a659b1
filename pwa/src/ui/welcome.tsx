import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { appName, t } from "../i18n/index.ts";
import { invite } from "../state/invite.ts";
import { inviteFrom } from "../sync/join.ts";
import { LanguageSwitch } from "./language.tsx";
import { Stamp } from "./stamp.tsx";
import { EvictedNotice } from "./storage-notice.tsx";

/** A field for an invite link that came as text. */
export function PasteInvite() {
  const { route } = useLocation();
  const [link, setLink] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    invite.value = inviteFrom(link);
    route("/join");
  };
  return (
    <form class="fields" onSubmit={submit}>
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
    </form>
  );
}

export function WelcomePage() {
  return (
    <div class="frame welcome">
      <main class="page">
        <article class="postcard greeting">
          <Stamp />
          <p class="wordmark">{appName()}</p>
          <h1>{t("welcome-title")}</h1>
          <p>{t("welcome-lead")}</p>
        </article>
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
      </main>
    </div>
  );
}
