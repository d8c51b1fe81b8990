import type { FeedEntry } from '../../api/types';
import { say } from '../../i18n/sentences';

/** The sentence in the reader's language, or nothing when the catalogue has none. Then the server's own one, in English, may stand in. */
export const sentence = (entry: FeedEntry, language: string): string | undefined => say(language, `feed:fact.${entry.type}`, entry.data);

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
