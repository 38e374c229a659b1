import { useState } from "preact/hooks";
import { lineKey, value } from "../domain/counting.ts";
import type { LineName, Tap } from "../domain/taps.ts";
import { LETTER_KINDS, type Line, ORIGINS } from "../generated/documents.ts";
import { dotted, formatNumber, t } from "../i18n/index.ts";
import type { Attempt } from "../state/counting.ts";
import { keeping } from "./count-numbers.tsx";
import { focusNeighbour } from "./focus.ts";
import { Icon } from "./icons.tsx";
import { NameSearch } from "./name-search.tsx";
import { recipientName } from "./people.ts";
import { Segments } from "./segments.tsx";

type Origin = LineName["origin"];

function OriginChoice({ chosen, onChoose }: { chosen: Origin; onChoose: (origin: Origin) => void }) {
  return (
    <label class={chosen === "here" ? "origin" : "origin other"}>
      <span>{t("letters-origin")}</span>
      <select
        value={chosen}
        data-testid="letter-origin"
        onChange={({ currentTarget }) => onChoose(currentTarget.value as Origin)}
      >
        {ORIGINS.map((origin) => (
          <option key={origin} value={origin}>
            {t(`letters-origin-${origin}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface Acts {
  tap: (tap: Tap) => void;
  askRow: (counter: Tap["counter"]) => void;
}

interface LineItemProps extends Acts {
  line: Line;
  attempts: readonly Attempt[];
}

function LineItem({ line, attempts, tap, askRow }: LineItemProps) {
  const name = recipientName(line.to);
  const kept = keeping(attempts);
  const counter: LineName = { to: line.to, kind: line.kind, origin: line.origin ?? "here" };
  return (
    <li class="line" data-testid="line">
      <Icon name={line.kind} />
      <div class="line-words">
        <p>{name}</p>
        <p class="quiet">
          {dotted([
            t(`kind-${line.kind}`),
            counter.origin !== "here" && t(`letters-origin-${counter.origin}`),
          ])}
        </p>
      </div>
      <div class="line-count">
        <button
          class="round"
          type="button"
          aria-label={t("letters-less", { name })}
          data-testid="line-minus"
          onClick={({ currentTarget }) => {
            // The line goes with its last letter; another one's − is not to lie under the same key.
            if (value(line) === 1) focusNeighbour(currentTarget, ".line-value");
            tap({ counter, by: -1 });
          }}
        >
          <Icon name="minus" />
        </button>
        <button
          class={`line-value ${kept}`}
          type="button"
          aria-label={t("count-line-row", { name, n: value(line) })}
          data-testid="line-value"
          data-keeping={kept}
          onClick={() => askRow(counter)}
        >
          {formatNumber(value(line))}
        </button>
        <button
          class="round"
          type="button"
          aria-label={t("letters-more", { name })}
          data-testid="line-plus"
          onClick={() => tap({ counter, by: 1 })}
        >
          <Icon name="plus" />
        </button>
      </div>
    </li>
  );
}

function counts({ tap: { counter } }: Attempt, line: Line): boolean {
  return counter !== "heads" && lineKey(counter) === lineKey(line);
}

function Lines({ lines, attempts, ...acts }: Acts & Pick<LettersProps, "lines" | "attempts">) {
  const shown = lines.filter((line) => value(line) > 0).reverse();
  return (
    <section class="lines">
      <h3>{t("letters-lines")}</h3>
      {shown.length === 0 && <p class="quiet">{t("letters-lines-empty")}</p>}
      <ul>
        {shown.map((line) => (
          <LineItem
            key={lineKey(line)}
            line={line}
            attempts={attempts.filter((attempt) => counts(attempt, line))}
            {...acts}
          />
        ))}
      </ul>
    </section>
  );
}

interface LettersProps extends Acts {
  /** as they are stored */
  stored: readonly Line[];
  /** the same with what is not stored yet, and the taps that are not */
  lines: readonly Line[];
  attempts: readonly Attempt[];
  /** ids of those written to, the latest first */
  recent: readonly string[];
}

/** Letters of the event: choose the kind once, then name after name. */
export function Letters({ stored, lines, attempts, recent, tap, askRow }: LettersProps) {
  const [kind, setKind] = useState<LineName["kind"]>("letter");
  const [origin, setOrigin] = useState<Origin>("here");
  const add = (to: string | null) => tap({ counter: { to, kind, origin }, by: 1 });
  return (
    <section class="letters card">
      <h2>{t("letters-title")}</h2>
      <Segments
        label={t("letters-kind")}
        name="kind"
        values={LETTER_KINDS}
        chosen={kind}
        naming={(each) => t(`kind-${each}`)}
        icon={(each) => each}
        testid="kind"
        onChoose={setKind}
      />
      <NameSearch onPick={add} counted={stored} recent={recent} />
      <button class="button no-name" type="button" data-testid="letter-no-name" onClick={() => add(null)}>
        <Icon name="plus" />
        {t("letters-no-name-add")}
      </button>
      <OriginChoice chosen={origin} onChoose={setOrigin} />
      <Lines lines={lines} attempts={attempts} tap={tap} askRow={askRow} />
    </section>
  );
}
