import { useMemo, useState } from "preact/hooks";
import { ago } from "../../domain/vague.ts";
import { dayOfYear, dotted, formatNumber, inLanguage, t, timeAgo, vagueDay } from "../../i18n/index.ts";
import { choosePrisoner, chosen, today, useFairList } from "../../state/fair.ts";
import { coverage, names } from "../../state/register.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../page.tsx";
import { distinction } from "../people.ts";
import { Segments } from "../segments.tsx";
import { SHOWS, type Shown, shown, themesOf, type Wish } from "./choosing.ts";
import { themeName } from "./words.ts";
import "../../styles/fair.css";

/** So many rows are drawn at once: a phone is slow with two thousand. */
const STEP = 60;

function birthdayWords({ birthday }: Shown): string {
  if (!birthday) return "";
  const day = dayOfYear(birthday.month, birthday.day);
  return birthday.day ? t("fair-birthday", { day }) : t("fair-birthday-month", { month: day });
}

function PersonRow({ row }: { row: Shown }) {
  const { prisoner, letters, ours, last, need } = row;
  const name = inLanguage(prisoner.name);
  const facts = [
    t("fair-letters", { n: letters }),
    ours > 0 && ours < letters ? t("fair-ours", { n: ours }) : "",
    last ? t("fair-last", { ago: timeAgo(ago(last, today())) }) : "",
  ];
  return (
    <li class="fair-row" data-testid="fair-row">
      <label class="fair-choice">
        <input
          type="checkbox"
          aria-label={t("fair-choose", { name })}
          checked={chosen.value.has(prisoner._id)}
          onChange={({ currentTarget }) => choosePrisoner(prisoner._id, currentTarget.checked)}
        />
      </label>
      <a class="fair-person" href={`/app/person/${prisoner._id.slice("prisoner:".length)}`}>
        <div class="line-words">
          <p class="fair-name">{name}</p>
          <p class="quiet">{distinction(prisoner)}</p>
          <p class="fair-facts">{dotted(facts)}</p>
          <p class="tags">
            {need && <span class={`tag need-${need}`}>{t(`fair-need-${need}`)}</span>}
            {row.birthday && <span class="tag quiet">{birthdayWords(row)}</span>}
          </p>
        </div>
        <Icon name="forward" />
      </a>
    </li>
  );
}

function Filters({
  wish,
  change,
  themes,
}: {
  wish: Wish;
  change: (part: Partial<Wish>) => void;
  themes: string[];
}) {
  return (
    <section class="card fields">
      <label class="field">
        <span>{t("fair-search")}</span>
        <input
          type="search"
          autoComplete="off"
          spellcheck={false}
          data-testid="fair-search"
          value={wish.typed}
          onInput={({ currentTarget }) => change({ typed: currentTarget.value })}
        />
      </label>
      <Segments
        label={t("fair-show")}
        name="fair-show"
        values={SHOWS}
        chosen={wish.show}
        naming={(show) => t(`fair-show-${show}`)}
        testid="fair"
        onChoose={(show) => change({ show })}
      />
      {themes.length > 0 && (
        <label class="field">
          <span>{t("fair-theme")}</span>
          <select
            data-testid="fair-theme"
            value={wish.theme}
            onChange={({ currentTarget }) => change({ theme: currentTarget.value })}
          >
            <option value="">{t("fair-theme-any")}</option>
            {themes.map((slug) => (
              <option key={slug} value={slug}>
                {themeName(slug)}
              </option>
            ))}
          </select>
        </label>
      )}
    </section>
  );
}

function Lead() {
  const known = coverage.value;
  return (
    <p class="quiet">
      {known
        ? t("fair-since", { since: vagueDay(known.since), until: vagueDay(known.until) })
        : t("fair-ours-only")}
    </p>
  );
}

function People({ people }: { people: readonly Shown[] }) {
  const [limit, setLimit] = useState(STEP);
  const more = Math.min(STEP, people.length - limit);
  return (
    <section class="card">
      <p class="quiet" role="status" data-testid="fair-found">
        {people.length > 0 ? t("fair-found", { n: people.length }) : t("fair-nobody")}
      </p>
      <ul class="fair-list">
        {people.slice(0, limit).map((row) => (
          <PersonRow key={row.prisoner._id} row={row} />
        ))}
      </ul>
      {more > 0 && (
        <button class="button" type="button" onClick={() => setLimit(limit + STEP)}>
          {t("fair-more", { n: more })}
        </button>
      )}
    </section>
  );
}

export default function FairPage() {
  const rows = useFairList();
  const [wish, setWish] = useState<Wish>({ typed: "", show: "all", theme: "" });
  const index = names.value;
  const people = useMemo(() => rows && shown(rows, wish, index, today()), [rows, wish, index]);
  const count = chosen.value.size;
  return (
    <Page title={t("fair-title")} back="/">
      <Lead />
      {rows && (
        <Filters wish={wish} change={(part) => setWish({ ...wish, ...part })} themes={themesOf(rows)} />
      )}
      {people && index.size > 0 && <People key={JSON.stringify(wish)} people={people} />}
      {people && index.size === 0 && <p class="notice">{t("fair-no-register")}</p>}
      {!people && <p class="quiet">{t("app-loading")}</p>}
      {count > 0 && (
        <p class="bottom-action">
          <a
            class="button primary"
            href="/app/print"
            data-testid="fair-print"
            data-count={formatNumber(count)}
          >
            <Icon name="stamp" />
            {t("fair-print", { n: count })}
          </a>
        </p>
      )}
    </Page>
  );
}
