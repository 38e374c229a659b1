import { RULES, type Rule } from "../generated/documents.ts";
import { t } from "../i18n/index.ts";
import type { Why } from "../sync/why.ts";
import { ServerWords } from "./server-words.tsx";

/** Rules are added with time: one of a newer server's has no words here. */
function isKnown(rule: string | undefined): rule is Rule {
  return (RULES as readonly (string | undefined)[]).includes(rule);
}

/** Why a record was refused: in the language of this phone where the rule is known to it, else as the server put it. */
export function WhyRefused({ why: { reason, rule, path = "" } }: { why: Why }) {
  if (isKnown(rule)) return t(`refused-rule-${rule}`, { path });
  if (reason) return <ServerWords words={reason} />;
  return t("records-no-reason");
}
