import i18next from 'i18next';
import { direction, formatDay } from './locale';

/*
 * The sentences that the silo says as well (in summaries, mails, documents), from the same catalogues and by the same rules: its reader is
 * silo/Host/Sentences, and tests/Sentences holds both to the same words.
 */

/** What a sentence is made of: names, codes, days and numbers, as the API writes them. */
export type SentenceData = Readonly<Record<string, string | undefined>>;

/** A text as it stands in a catalogue. A sentence is in the middle of being filled where this is asked, which `t` does not allow. */
function textOf(language: string, namespace: string, key: string): string | undefined {
  const languages: string[] = i18next.services.languageUtils.toResolveHierarchy(language);
  return languages.map((one) => i18next.getResource(one, namespace, key) as string | undefined).find((text) => text !== undefined);
}

/** Makes known how values are written that stand in a sentence with a format: `{{status, word(of: planStatus)}}`, `{{date, day}}`. */
export function addFormats(): void {
  const formats = i18next.services.formatter;
  formats?.add('word', (code: string, language, { of }) => textOf(language ?? 'en', 'words', `${of}.${code}`) ?? code);
  formats?.add('day', (day: string, language) => (/^\d{4}-\d{2}-\d{2}$/.test(day) ? formatDay(day, language ?? 'en') : day));
}

/** The value that the sentence's form depends on is a number for i18next; that which names its variant is none of its data. */
function formOf({ count, context }: SentenceData): { count?: number; context?: string } {
  return {
    ...(count && /^-?\d+(\.\d+)?$/.test(count) ? { count: Number(count) } : {}),
    ...(context ? { context } : {}),
  };
}

/** Names in other scripts must not turn the sentence round. */
const isolated = (value: unknown): string => (typeof value === 'number' ? String(value) : `\u2068${value}\u2069`);

/** Says a sentence of the catalogues with its data, or nothing when no catalogue has it. A value that is not given reads as `feed:missing` says. */
export function say(language: string, name: string, data: SentenceData): string | undefined {
  const form = formOf(data);
  if (!i18next.exists(name, { lng: language, ...form })) return undefined;
  const options = {
    lng: language,
    ...form,
    replace: { ...data, ...form },
    missingInterpolationHandler: (_text: string, [, hole]: RegExpExecArray) => {
      const value = hole?.split(',')[0]?.trim();
      return textOf(language, 'feed', `missing.${value}`) ?? textOf(language, 'feed', 'missing.other');
    },
    // React writes text as text: what is called escaping here is used to keep names in their own direction.
    interpolation: { escapeValue: direction(language) === 'rtl', escape: isolated, useRawValueToEscape: true },
  };
  return String(i18next.t(name as never, options as never));
}
