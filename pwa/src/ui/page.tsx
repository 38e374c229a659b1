import type { ComponentChildren } from "preact";
import { t } from "../i18n/index.ts";
import { membership } from "../state/session.ts";
import { Icon } from "./icons.tsx";
import { DamageNotice, StorageNotice } from "./storage-notice.tsx";
import { UnsentChip } from "./unsent.tsx";
import { UpdateNotice } from "./update-notice.tsx";

interface PageProps {
  title: string;
  /** a line above the title */
  over?: string | undefined;
  /** where the back arrow leads; none on the first page */
  back?: string;
  wide?: boolean;
  children?: ComponentChildren;
}

/** The frame of every page: where one is, how to get back, and what is not delivered yet. */
export function Page({ title, over, back, wide = false, children }: PageProps) {
  return (
    <div class={wide ? "frame wide" : "frame"}>
      <header class="bar">
        {back ? (
          <a class="bar-button" href={back} aria-label={t("app-back")}>
            <Icon name="back" />
          </a>
        ) : (
          <span class="bar-mark" aria-hidden="true">
            <Icon name="stamp" />
          </span>
        )}
        <div class="bar-title">
          {over && <p class="bar-over">{over}</p>}
          <h1>{title}</h1>
        </div>
        {membership.value && <UnsentChip />}
        {membership.value && !back && (
          <a class="bar-button" href="/app/settings" aria-label={t("app-settings")}>
            <Icon name="settings" />
          </a>
        )}
      </header>
      <main class="page">
        <StorageNotice />
        <DamageNotice />
        {!back && <UpdateNotice />}
        {children}
      </main>
    </div>
  );
}
