/**
 * One name in many spellings: capitals and accents, ё and й, Cyrillic and Latin letters, the customs of transliteration, and
 * a keyboard left in the other layout.
 */

/** Takes the differences away that people don't type: capitals, accents, ё and й, and everything that is no letter or digit. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

const LATIN: Readonly<Record<string, string>> = {
  ...{
    а: "a",
    б: "b",
    в: "v",
    г: "g",
    д: "d",
    е: "e",
    ж: "zh",
    з: "z",
    и: "i",
    к: "k",
    л: "l",
    м: "m",
    н: "n",
  },
  ...{
    о: "o",
    п: "p",
    р: "r",
    с: "s",
    т: "t",
    у: "u",
    ф: "f",
    х: "kh",
    ц: "ts",
    ч: "ch",
    ш: "sh",
    щ: "shch",
  },
  ...{ ъ: "", ы: "y", ь: "", э: "e", ю: "yu", я: "ya", і: "i", є: "e", ґ: "g" },
};

/** Folded words in Latin letters, as newspapers write them. */
export function latin(folded: string): string {
  return folded.replace(/\p{Script=Cyrillic}/gu, (letter) => LATIN[letter] ?? letter);
}

/**
 * What is left of a folded word when all that spellings disagree about is gone: `Pyotr`, `Petr` and `Пётр` are one. Whoever
 * has typed only the beginning of a word finds it by the beginning of its skeleton.
 */
export function skeleton(folded: string): string {
  return latin(folded)
    .replace(/shch|sch/g, "sh")
    .replace(/kh/g, "h")
    .replace(/ts|tz/g, "c")
    .replace(/x/g, "ks")
    .replace(/w/g, "v")
    .replace(/ph/g, "f")
    .replace(/[yj]/g, "i")
    .replace(/i+o/g, "e")
    .replace(/i+(?=[aeu])/g, "")
    .replace(/(.)\1+/g, "$1")
    .replace(/i$/, "");
}

const QWERTY = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const JCUKEN = "ёйцукенгшщзхъфывапролджэячсмитьбю";

/** What the same keys give in the other layout: `cbljhjd` ⇄ `сидоров`. */
export function otherLayout(typed: string): string {
  return Array.from(typed.toLowerCase(), (sign) => {
    const latinAt = QWERTY.indexOf(sign);
    return JCUKEN[latinAt] ?? QWERTY[JCUKEN.indexOf(sign)] ?? sign;
  }).join("");
}
