import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { settings } from "../state/session.ts";

interface Acts {
  plus: () => void;
  minus: () => void;
  undo: () => void;
  row: () => void;
}

/** Whether a key belongs to what has the focus: a field, a choice, an open dialog. */
function isTaken({ target }: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open]")) return true;
  return target instanceof HTMLElement && target.matches("input:not([type=radio]), select, textarea");
}

/** By the place on the keyboard for letters, so that the layout makes no difference; by the sign for + and −. */
function actOf({ key, code, ctrlKey, metaKey, altKey }: KeyboardEvent): keyof Acts | "search" | undefined {
  if (altKey) return undefined;
  if (ctrlKey || metaKey) return code === "KeyZ" ? "undo" : undefined;
  if (!settings.value.keys) return undefined;
  if (key === "+" || key === "=") return "plus";
  if (key === "-" || key === "−") return "minus";
  if (code === "KeyN") return "row";
  return key === "/" || code === "Slash" ? "search" : undefined;
}

/** Counting with a keyboard: + and − for people, N for a number, / for a name, where they are wanted; Ctrl+Z to take back. */
export function useShortcuts(acts: Acts): void {
  const latest = useRef(acts);
  latest.current = acts;
  // Before the buttons that name the keys are painted: what they say is then true.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      // A key that is held, or lies under something, is one press.
      const act = event.repeat || isTaken(event) ? undefined : actOf(event);
      if (!act) return;
      event.preventDefault();
      if (act === "search") document.querySelector<HTMLElement>(".search input")?.focus();
      else latest.current[act]();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}

/** What a button says of its single key. */
export const shortcut = (key: string) => (settings.value.keys ? key : undefined);

/** Shown where there is a keyboard to use them on: see the styles. */
export function ShortcutsHint() {
  if (!settings.value.keys) return null;
  return <p class="quiet shortcuts">{t("count-shortcuts")}</p>;
}
