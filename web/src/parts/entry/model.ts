import type { FeedEntry } from '../../api/types';
import { direction, type Words } from '../../i18n';
import { formatDay } from '../../ui/dates';

/** The pieces of a sentence, its statuses and grounds already in the reader's words. */
export function sentenceData(entry: FeedEntry, t: Words, locale = 'en'): Record<string, string> {
  const data: Record<string, string> = {};
  for (const [key, value] of Object.entries(entry.data)) if (value !== undefined) data[key] = value;
  const word = (group: string, key: string) => {
    const value = data[key];
    if (value) data[key] = t(`words:${group}.${value}` as never, { defaultValue: value });
  };
  word(entry.subject.kind === 'plan' && entry.type === 'plan.status-changed' ? 'planStatus' : 'status', 'status');
  word('ground', 'ground');
  word('role', 'role');
  if (data.date && /^\d{4}-\d{2}-\d{2}$/.test(data.date)) data.date = formatDay(data.date, locale);
  data.bodyName ||= data.body || t('feed:platform');
  if (data.account) data.accountName ||= t('feed:formerMember');
  return data;
}

type Counted = { count?: number };

/** The sentence in the reader's language; the server's own one where the catalogue has none or pieces are missing. */
export function sentence(entry: FeedEntry, t: Words, exists: (key: string, counted: Counted) => boolean, locale = 'en'): string {
  const key = `feed:fact.${entry.type}`;
  // The form of a sentence depends on a number, and data holds texts only.
  const counted: Counted = entry.data.count ? { count: Number(entry.data.count) } : {};
  if (!exists(key, counted)) return entry.summary;
  const data = sentenceData(entry, t, locale);
  // Names in other scripts must not turn the sentence round.
  if (direction(locale) === 'rtl') for (const [name, value] of Object.entries(data)) data[name] = `\u2068${value}\u2069`;
  const text: string = t(key as never, { ...data, ...counted, interpolation: { escapeValue: false } });
  return text.includes('{{') ? entry.summary : text;
}

export type FeedTarget =
  | { to: '/plans/$id'; params: { id: string }; search: { m?: string } }
  | { to: '/requests/$id' | '/groups/$id' | '/bodies/$id'; params: { id: string } }
  | null;

/** Where an entry leads. */
export function targetOf(entry: FeedEntry): FeedTarget {
  const { kind, id } = entry.subject;
  if (kind === 'plan') return { to: '/plans/$id', params: { id }, search: entry.data.milestone ? { m: entry.data.milestone } : {} };
  if (kind === 'request') return { to: '/requests/$id', params: { id } };
  if (kind === 'group') return { to: '/groups/$id', params: { id } };
  if (kind === 'body') return { to: '/bodies/$id', params: { id } };
  return null;
}

/** Merges lists of entries newest first, each position once. */
export function mergeNewestFirst(...lists: readonly (readonly FeedEntry[])[]): FeedEntry[] {
  const byPosition = new Map<number, FeedEntry>();
  for (const list of lists) for (const entry of list) byPosition.set(entry.position, entry);
  return [...byPosition.values()].sort((a, b) => b.position - a.position);
}

export const about = (entry: FeedEntry, topics: readonly string[]): boolean =>
  topics.length === 0 || topics.some((topic) => entry.topics.includes(topic));
