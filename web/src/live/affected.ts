import type { FeedEntry } from '../api/types';

export type Key = readonly unknown[];

/** The beginning of every key. */
export const everything: Key = [];

/** A role, or a password that is asked for, may be the reader's own; a profile may say for how long one's session lasts. */
const sessionTypes = /^(account\.(role|reset)-|body\.profile-changed$)/;

/** The reads that a change may have made old, by the beginnings of their cache keys. */
export function affected(entry: FeedEntry): Key[] {
  const { kind, id } = entry.subject;
  switch (kind) {
    case 'plan':
      return [['plan', id], ['plans'], ['milestones'], ...bodyKeys(entry)];
    case 'request':
      return [['request', id], ['requests'], ...bodyKeys(entry)];
    case 'group':
      return entry.type === 'group.update-shared'
        ? [['updates', id], ['group', id], ['groups']]
        : [['group', id], ['groups'], ['updates', id]];
    case 'body':
      // Without a name the account itself was erased. Any read may hold the person's name.
      if (entry.type === 'account.role-left' && !entry.data.accountName) return [everything];
      return [['body', id], ['bodies'], ['regions'], ...(sessionTypes.test(entry.type) ? [['session'], ['accounts']] : [])];
    case 'subscription':
      return [['subscriptions'], ['inbox']];
    case 'journal':
      // The entry does not say which reads hold the erased texts, so any read may.
      return entry.type === 'journal.texts-erased' ? [everything] : [];
    default:
      return [];
  }
}

/** A body's page counts its plans and requests; lists of bodies carry the same counts. */
function bodyKeys(entry: FeedEntry): Key[] {
  const bodies = entry.topics.filter((topic) => topic.startsWith('body/')).map((topic) => topic.slice('body/'.length));
  return [...bodies.map((id) => ['body', id] as const), ['bodies']];
}

/** All keys that a batch of changes touches, each once. */
export function affectedByAll(entries: readonly FeedEntry[]): Key[] {
  const keys = new Map<string, Key>();
  for (const entry of entries) for (const key of affected(entry)) keys.set(JSON.stringify(key), key);
  return [...keys.values()];
}
