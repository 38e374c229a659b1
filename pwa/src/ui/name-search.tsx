import { useId, useRef, useState } from "preact/hooks";
import { value } from "../domain/counting.ts";
import type { PrisonerDocument } from "../generated/documents.ts";
import { inLanguage, t } from "../i18n/index.ts";
import type { Count } from "../state/chapter.ts";
import { names } from "../state/register.ts";
import { Icon } from "./icons.tsx";
import { distinction } from "./people.ts";

/** The types know comboboxes only with a `<datalist>`, which can show no second line. */
const NO_DATALIST = { list: undefined };

interface NameSearchProps {
  onPick: (prisoner: string) => void;
  counted: Count;
}

/** On a phone the field moves to the top, so that names find room between it and the keyboard. */
function makeRoom({ currentTarget }: { currentTarget: HTMLElement }) {
  if (matchMedia("(max-width: 899px)").matches) currentTarget.scrollIntoView({ block: "start" });
}

/** A combobox in the sense of the ARIA practices: the field keeps the focus, arrows and Enter choose. */
export function NameSearch({ onPick, counted }: NameSearchProps) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  const found = names.value.find(typed);
  const asked = typed.trim() !== "";

  const search = (text: string) => {
    setTyped(text);
    setAt(0);
  };
  const pick = (prisoner: PrisonerDocument | undefined) => {
    if (!prisoner) return;
    onPick(prisoner._id);
    search("");
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter") pick(found[at]);
    else if (event.key === "Escape") search("");
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
          aria-expanded={found.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `${list}-${at}` : undefined}
          aria-label={t("letters-search")}
          placeholder={t("letters-search")}
          autoComplete="off"
          autoCorrect="off"
          spellcheck={false}
          enterkeyhint="done"
          data-testid="letter-search"
          value={typed}
          onFocus={makeRoom}
          onInput={({ currentTarget }) => search(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {asked && (
          <button
            class="search-clear"
            type="button"
            aria-label={t("letters-clear")}
            onClick={() => search("")}
          >
            <Icon name="clear" />
          </button>
        )}
      </div>
      <p class="unseen" role="status">
        {asked && found.length > 0 && t("letters-found", { n: found.length })}
      </p>
      {asked && found.length === 0 && (
        <p class="quiet" role="status">
          {t(names.value.size > 0 ? "letters-none" : "letters-no-register")}
        </p>
      )}
      <div
        class="options"
        role="listbox"
        id={list}
        aria-label={t("letters-search")}
        hidden={found.length === 0}
      >
        {found.map((prisoner, index) => (
          <Option
            key={prisoner._id}
            id={`${list}-${index}`}
            prisoner={prisoner}
            chosen={index === at}
            already={alreadyTo(prisoner._id, counted)}
            onPick={() => pick(prisoner)}
          />
        ))}
      </div>
    </div>
  );
}

/** How many this phone has already counted to somebody at this event. */
function alreadyTo(id: string, { own }: Count): number {
  return own.letters.reduce((sum, line) => (line.to === id ? sum + value(line) : sum), 0);
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
        <p>{inLanguage(prisoner.name)}</p>
        <p class="quiet">{distinction(prisoner)}</p>
      </div>
      {already > 0 && <span class="tag">{t("letters-already", { n: already })}</span>}
      <Icon name="plus" />
    </div>
  );
}
