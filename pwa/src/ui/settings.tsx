import { useEffect, useRef, useState } from "preact/hooks";
import { formatSize, inLanguage, t } from "../i18n/index.ts";
import { guarded } from "../safety/vault.ts";
import { unsentTotal } from "../state/delivery.ts";
import { askToKeepData, install, installPrompt, installsByHand } from "../state/device.ts";
import { leave } from "../state/leaving.ts";
import { chapterDocument, names } from "../state/register.ts";
import { chapter, chapters, choose, membership, settings } from "../state/session.ts";
import { chapterName } from "./chapter-name.ts";
import { LanguageSwitch } from "./language.tsx";
import { Page } from "./page.tsx";

function MembershipCard() {
  const member = membership.value;
  if (!member) return null;
  return (
    <section class="card">
      <h2>{t("settings-membership")}</h2>
      <dl class="facts">
        <dt>{t("join-pseudonym")}</dt>
        <dd data-testid="pseudonym">{member.pseudonym}</dd>
        <dt>{t("figure-role")}</dt>
        <dd>{t(`role-${member.role}`)}</dd>
        <dt>{t("figure-chapter")}</dt>
        <dd>
          {chapters.value.length > 1 ? (
            <select
              aria-label={t("figure-chapter")}
              value={chapter.value}
              onChange={({ currentTarget }) => void choose({ chapter: currentTarget.value })}
            >
              {chapters.value.map((slug) => (
                <option key={slug} value={slug}>
                  {chapterName(slug)}
                </option>
              ))}
            </select>
          ) : (
            chapterName(chapter.value ?? "")
          )}
        </dd>
      </dl>
    </section>
  );
}

function useEstimate() {
  const [estimate, setEstimate] = useState<StorageEstimate>();
  useEffect(() => {
    void navigator.storage?.estimate?.().then(setEstimate);
  }, []);
  return estimate;
}

function StorageCard() {
  const estimate = useEstimate();
  const { persisted } = settings.value;
  return (
    <section class="card">
      <h2>{t("settings-storage")}</h2>
      <p data-testid="persisted" data-persisted={String(persisted)}>
        {persisted === null
          ? t("settings-persist-unknown")
          : t(persisted ? "settings-persisted" : "settings-not-persisted")}
      </p>
      {persisted === false && (
        <button class="button" type="button" onClick={() => void askToKeepData()}>
          {t("settings-persist-ask")}
        </button>
      )}
      <p class="quiet">
        {names.value.size > 0 ? t("settings-names", { n: names.value.size }) : t("settings-no-names")}
        {estimate?.usage !== undefined &&
          estimate.quota !== undefined &&
          ` ${t("settings-used", { used: formatSize(estimate.usage), quota: formatSize(estimate.quota) })}`}
      </p>
    </section>
  );
}

function InstallCard() {
  if (!installPrompt.value && !installsByHand()) return null;
  return (
    <section class="card">
      <h2>{t("settings-install")}</h2>
      <p>{t("settings-install-lead")}</p>
      {installPrompt.value ? (
        <button class="button" type="button" onClick={() => void install()}>
          {t("settings-install")}
        </button>
      ) : (
        <p data-testid="installs-by-hand">{t("settings-install-by-hand")}</p>
      )}
    </section>
  );
}

function KeysCard() {
  return (
    <section class="card">
      <h2>{t("settings-keys")}</h2>
      <label class="tick">
        <input
          type="checkbox"
          checked={settings.value.keys}
          data-testid="keys"
          onChange={({ currentTarget }) => void choose({ keys: currentTarget.checked })}
        />
        <span>{t("settings-keys-count")}</span>
      </label>
      <p class="quiet">{t("settings-keys-lead")}</p>
    </section>
  );
}

function SafetyCard() {
  return (
    <section class="card">
      <h2>{t("settings-safety")}</h2>
      <p>{t(guarded.value ? "settings-guarded" : "lock-none")}</p>
      <a class="button" href="/app/safety" data-testid="safety">
        {t("settings-safety-open")}
      </a>
    </section>
  );
}

function LeaveCard() {
  const dialog = useRef<HTMLDialogElement>(null);
  const unsent = unsentTotal.value;
  return (
    <section class="card">
      <h2>{t("settings-leave")}</h2>
      <p class="quiet">{t("settings-leave-lead")}</p>
      <button class="button" type="button" data-testid="leave" onClick={() => dialog.current?.showModal()}>
        {t("settings-leave")}
      </button>
      <dialog ref={dialog} class="card" aria-labelledby="leave-title">
        <h2 id="leave-title">{t("settings-leave-ask")}</h2>
        <p>{t("settings-leave-lead")}</p>
        {unsent > 0 && <p class="notice trouble">{t("settings-leave-unsent", { n: unsent })}</p>}
        <div class="row">
          <button class="button" type="button" onClick={() => dialog.current?.close()}>
            {t("app-cancel")}
          </button>
          <button
            class="button danger"
            type="button"
            data-testid="leave-confirm"
            onClick={() => void leave()}
          >
            {t(unsent > 0 ? "settings-leave-lose" : "settings-leave-confirm")}
          </button>
        </div>
      </dialog>
    </section>
  );
}

export function SettingsPage() {
  const slug = chapter.value;
  const name = slug && chapterDocument(slug)?.name;
  return (
    <Page title={t("settings-title")} over={name ? inLanguage(name) : undefined} back="/">
      <section class="card">
        <h2>{t("settings-language")}</h2>
        <LanguageSwitch />
      </section>
      <MembershipCard />
      <SafetyCard />
      <StorageCard />
      <KeysCard />
      <InstallCard />
      <LeaveCard />
      <p class="quiet version">{t("settings-version", { version: __VERSION__ })}</p>
    </Page>
  );
}
