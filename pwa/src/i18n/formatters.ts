/** The browser's formatters. Making one costs a slow phone milliseconds, using it next to nothing: so each is made once. */

function madeOnce<O extends object, F>(make: (locale: string, options: O) => F) {
  const made = new Map<string, F>();
  return (locale: string, options: O): F => {
    const key = `${locale} ${JSON.stringify(options)}`;
    const formatter = made.get(key) ?? make(locale, options);
    made.set(key, formatter);
    return formatter;
  };
}

const numbers = madeOnce(
  (locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
);
const dates = madeOnce(
  (locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
);

export function numberIn(locale: string, number: number, options: Intl.NumberFormatOptions = {}): string {
  return numbers(locale, options).format(number);
}

/** A date that is none is said to be so: a page must not fall for it. Throws RangeError for an unknown time zone. */
export function dateIn(locale: string, date: Date, options: Intl.DateTimeFormatOptions): string {
  return Number.isNaN(date.valueOf()) ? String(date) : dates(locale, options).format(date);
}
