import { t } from "../i18n/index.ts";

/** What the server said, in its own words: they are English, and are read out as such. */
export function ServerWords({ words }: { words: string }) {
  return (
    <>
      {t("sync-words")} <q lang="en">{words}</q>
    </>
  );
}
