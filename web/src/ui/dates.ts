import type { Day } from '../api/types';
import { dateFormat as format, formatDay, intlLocale } from '../i18n/locale';

export { formatDay };

/*
 * A day is a plain date: it is reckoned and written in UTC, so that no reader's time zone can move it.
 * A moment is written in the reader's own time zone.
 */

const dayMs = 86_400_000;

export const toTime = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
export const fromTime = (time: number): Day => new Date(time).toISOString().slice(0, 10);
export const addDays = (day: Day, count: number): Day => fromTime(toTime(day) + count * dayMs);
/** Days from one to the other; negative when `to` lies before. */
export const daysBetween = (from: Day, to: Day): number => Math.round((toTime(to) - toTime(from)) / dayMs);

/** The reader's own today. */
export function today(now = new Date()): Day {
  const part = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${part(now.getMonth() + 1)}-${part(now.getDate())}`;
}

export const formatShortDay = (day: Day, locale: string): string =>
  format(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(toTime(day));
export const formatMonth = (time: number, locale: string): string => format(locale, { month: 'short', timeZone: 'UTC' }).format(time);
export const formatMonthYear = (time: number, locale: string): string =>
  format(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(time);
export const formatYear = (time: number, locale: string): string => format(locale, { year: 'numeric', timeZone: 'UTC' }).format(time);
export const formatClock = (moment: string | number, locale: string): string =>
  format(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(moment));
export const formatMoment = (moment: string | number, locale: string): string =>
  format(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(moment),
  );

/** A date known only as a year or a month, such as `2011` or `2011-06`, written no more precisely than it is known. */
export function formatPartial(text: string, locale: string): string {
  if (/^\d{4}$/.test(text)) return formatYear(Date.parse(`${text}-01-01T00:00:00Z`), locale);
  if (/^\d{4}-\d{2}$/.test(text)) return formatMonthYear(Date.parse(`${text}-01T00:00:00Z`), locale);
  return formatDay(text, locale);
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** "3 minutes ago" in the reader's language. */
export function formatAgo(moment: string | number, locale: string, now = Date.now()): string {
  const seconds = Math.round((new Date(moment).getTime() - now) / 1000);
  const relative = new Intl.RelativeTimeFormat(intlLocale(locale), { numeric: 'auto', style: 'short' });
  for (const [unit, length] of steps) if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  return relative.format(0, 'second');
}

/** A stretch of time in whole hours, or in minutes. */
export const formatMinutes = (minutes: number, locale: string): string =>
  new Intl.NumberFormat(intlLocale(locale), {
    style: 'unit',
    unit: minutes % 60 === 0 ? 'hour' : 'minute',
    unitDisplay: 'long',
  }).format(minutes % 60 === 0 ? minutes / 60 : minutes);
