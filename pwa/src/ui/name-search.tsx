import { useEffect, useId, useRef, useState } from "preact/hooks";
import { value } from "../domain/counting.ts";
import { isReleased } from "../domain/search.ts";
import type { Line, PrisonerDocument } from "../generated/documents.ts";
import { inLanguage, t } from "../i18n/index.ts";
import { keepNamesReady, names, prisoner } from "../state/register.ts";
import { Icon } from "./icons.tsx";
import { distinction } from "./people.ts";

/** The types know comboboxes only with a `<datalist>`, which can show no second line. */
const NO_DATALIST = { list: undefined };

/** How many of those written to lately are offered before anything is typed. */
const RECENT = 4;
const NOBODY: readonly string[] = [];

interface NameSearchProps {
  onPick: (prisoner: string) => void;
  /** what is counted already, and shown with the names */
  counted?: readonly Line[];
  /** ids of those written to, the latest first */
  recent?: readonly string[];
}

/** On a phone the field moves to the top, so that names find room between it and the keyboard. */
function makeRoom(field: HTMLElement) {
  if (matchMedia("(max-width: 899px)").matches) field.scrollIntoView({ block: "start" });
}

/** What to offer: who answers to the typed words, or, before anything is typed, who was written to lately. */
function offers(typed: string, recent: readonly string[]): PrisonerDocument[] {
  if (typed.trim()) return names.value.find(typed, recent);
  return recent.slice(0, RECENT).flatMap((id) => prisoner(id) ?? []);
}

/** A combobox in the sense of the ARIA practices: the field keeps the focus, arrows and Enter choose. */
export function NameSearch({ onPick, counted, recent = NOBODY }: NameSearchProps) {
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const asked = typed.trim() !== "";
  // Nobody is chosen before something is typed or an arrow pressed: Enter alone must not count a letter.
  const [arrowed, setArrowed] = useState<number>();
  const at = arrowed ?? (asked ? 0 : -1);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  useEffect(keepNamesReady, []);
  const found = offers(typed, recent);
  const offered = open && found.length > 0;

  const search = (text: string) => {
    setTyped(text);
    setArrowed(undefined);
  };
  const pick = (prisoner: PrisonerDocument | undefined) => {
    if (!prisoner) return;
    onPick(prisoner._id);
    search("");
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setArrowed(Math.min(at + 1, found.length - 1));
    else if (event.key === "ArrowUp") setArrowed(Math.max(at - 1, 0));
    else if (event.key === "Enter") pick(found[at]);
    else if (event.key === "Escape" && asked) search("");
    else if (event.key === "Escape") field.current?.blur();
    else return;
    event.preventDefault();
  };

  return (
    <div class="search">
      <div class="search-field">
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          role="combobox"
          {...NO_DATALIST}
          aria-expanded={offered}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={offered && found[at] ? `${list}-${at}` : undefined}
          aria-label={t("letters-search")}
          placeholder={t("letters-search")}
          autoComplete="off"
          autoCorrect="off"
          spellcheck={false}
          enterkeyhint="done"
          data-testid="letter-search"
          value={typed}
          onFocus={({ currentTarget }) => {
            setOpen(true);
            makeRoom(currentTarget);
          }}
          onBlur={() => setOpen(false)}
          onInput={({ currentTarget }) => search(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {asked && (
          <button
            class="search-clear"
            type="button"
            aria-label={t("letters-clear")}
            onClick={() => {
              search("");
              field.current?.focus();
            }}
          >
            <Icon name="clear" />
          </button>
        )}
      </div>
      <p class="unseen" role="status">
        {asked && offered && t("letters-found", { n: found.length })}
      </p>
      {asked && found.length === 0 && (
        <p class="quiet" role="status">
          {t(names.value.size > 0 ? "letters-none" : "letters-no-register")}
        </p>
      )}
      {/* Over what follows, so that nothing moves under a finger when it closes. */}
      <div class="options" hidden={!offered}>
        {!asked && <p class="options-title quiet">{t("count-recent")}</p>}
        <div role="listbox" id={list} aria-label={t("letters-search")}>
          {found.map((prisoner, index) => (
            // A row is kept from letter to letter, whoever is in it: only its words are then drawn anew.
            <Option
              key={`${list}-${index}`}
              id={`${list}-${index}`}
              prisoner={prisoner}
              chosen={index === at}
              already={counted ? alreadyTo(prisoner._id, counted) : 0}
              onPick={() => pick(prisoner)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** How many this phone has already counted to somebody at this event. */
function alreadyTo(id: string, lines: readonly Line[]): number {
  return lines.reduce((sum, line) => (line.to === id ? sum + value(line) : sum), 0);
}

/** Whoever is free needs no letter to a prison: said before somebody writes one. */
function Released() {
  return <span class="tag released">{t("letters-status-released")}</span>;
}

interface OptionProps {
  id: string;
  prisoner: PrisonerDocument;
  chosen: boolean;
  already: number;
  onPick: () => void;
}

function Option({ id, prisoner, chosen, already, onPick }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus and handles the keys of the whole list
    // biome-ignore lint/a11y/useFocusableInteractive: options of a combobox are pointed at, not focused
    <div
      id={id}
      class="option"
      role="option"
      aria-selected={chosen}
      data-testid="letter-option"
      // Keeps the focus, and with it the keyboard of the phone, in the field.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <div class="line-words">
        <p>
          {inLanguage(prisoner.name)} {isReleased(prisoner) && <Released />}
        </p>
        <p class="quiet">{distinction(prisoner)}</p>
      </div>
      {already > 0 && <span class="tag">{t("letters-already", { n: already })}</span>}
      <Icon name="plus" />
    </div>
  );
}
