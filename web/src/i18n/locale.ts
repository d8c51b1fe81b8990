const rightToLeft: ReadonlySet<string> = new Set(['ar']);
export const direction = (language: string): 'ltr' | 'rtl' => (rightToLeft.has(language) ? 'rtl' : 'ltr');

/** Day before month in the languages that leave it open; the same digits as in the numbers that stand beside the dates. */
const written: Record<string, string> = { en: 'en-GB', ar: 'ar-u-nu-latn' };

/** The reader's own variety of the language that the dashboard speaks, as the browser names it. */
export function intlLocale(language: string, preferred: readonly string[] = navigator.languages): string {
  const own = preferred.find((one) => one.split('-')[0] === language);
  if (language === 'ar') return `${own ?? 'ar'}-u-nu-latn`;
  return own && own !== language ? own : (written[language] ?? language);
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** Made once for a variety of a language and the parts of a date that it writes. */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const own = intlLocale(locale);
  const key = own + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(own, options);
    formats.set(key, made);
  }
  return made;
}

/** A day, `2026-11-23`, is written in UTC, so that no reader's time zone can move it. */
export const formatDay = (day: string, locale: string): string =>
  dateFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`));
