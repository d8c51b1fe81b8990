import type { FeedEntry } from '../api/types';

export type Key = readonly unknown[];

/** The beginning of every key. */
export const everything: Key = [];

/** A role, or a password that is asked for, may be the reader's own; a profile may say for how long one's session lasts. */
const sessionTypes = /^(account\.(role|reset)-|body\.profile-changed$)/;

/** What gives something other words to be found by, or is for other eyes since. What concerns bodies and groups may always be. */
const words = /^(plan\.(drafted|status-changed|measure-added|milestone-added)|request\.(opened|withdrawn))$/;

/** The reads that a change may have made old, by the beginnings of their cache keys. */
export function affected(entry: FeedEntry): Key[] {
  const { kind, id } = entry.subject;
  switch (kind) {
    case 'plan':
      return [...planKeys(id, entry), ['plans'], ['every', 'plan'], ...bodyKeys(entry), ...(words.test(entry.type) ? [['search']] : [])];
    case 'request':
      return [['request', id], ['requests'], ...bodyKeys(entry), ...(words.test(entry.type) ? [['search']] : [])];
    case 'group':
      return entry.type === 'group.update-shared'
        ? [['updates', id], ['group', id], ['groups']]
        : [['group', id], ['groups'], ['updates', id], ['search']];
    case 'body':
      // Without a name the account itself was erased. Any read may hold the person's name.
      if (entry.type === 'account.role-left' && !entry.data.accountName) return [everything];
      return [
        ['body', id],
        ['bodies'],
        ['every', 'state'],
        ['names'],
        ['regions'],
        ['search'],
        ...(sessionTypes.test(entry.type) ? [['session'], ['accounts']] : []),
      ];
    case 'subscription':
      return [['subscriptions'], ['inbox']];
    case 'journal':
      // The entry does not say which reads hold the erased texts, so any read may.
      return entry.type === 'journal.texts-erased' ? [everything] : [];
    default:
      return [];
  }
}

/**
 * A plan is read part by part, and a change tells how its milestone stands: besides the head, which is small, only what is open is read again, and
 * lists that choose milestones by how they stand. A new status may change what may be done with any part.
 */
function planKeys(id: string, entry: FeedEntry): Key[] {
  const { measure, milestone, pillar } = entry.data;
  const head: Key = ['plan', id, 'head'];
  switch (entry.type) {
    case 'plan.measure-added':
      return [head, ['plan', id, 'measures', pillar ?? ''], ['plan', id, 'measures', 'all']];
    case 'plan.milestone-added':
      return [head, ['plan', id, 'milestones', measure ?? ''], ['milestones']];
    case 'plan.milestone-rescheduled':
      // Lists are in the order of due dates.
      return [head, ['plan', id, 'milestone', milestone ?? ''], ['milestones']];
    case 'plan.report-submitted':
    case 'plan.report-returned':
    case 'plan.report-approved':
      // A measure, and after an approval a milestone, is not told how many reports on it wait still.
      return [
        head,
        ['plan', id, 'measures', ...(pillar ? [pillar] : [])],
        ['plan', id, 'milestone', milestone ?? ''],
        ['plan', id, 'reports', milestone ?? ''],
        ...(entry.type === 'plan.report-approved'
          ? [['plan', id, 'milestones', entry.milestone?.measure ?? measure ?? ''], ['milestones']]
          : [['milestones', 'standing']]),
      ];
    default:
      return milestone
        ? [head, ['plan', id, 'milestone', milestone], ['plan', id, 'reports', milestone], ['milestones', 'standing']]
        : [['plan', id], ['milestones']];
  }
}

/** A body's page counts its plans and requests; lists of bodies carry the same counts. */
function bodyKeys(entry: FeedEntry): Key[] {
  const bodies = entry.topics.filter((topic) => topic.startsWith('body/')).map((topic) => topic.slice('body/'.length));
  return [...bodies.map((id) => ['body', id] as const), ['bodies'], ['every', 'state']];
}

/** Of what changes are put on top of (`patch.ts`), the reads that may be older than a change although they end after it, if they are under way. */
export function overtaken(entries: readonly FeedEntry[]): Key[] {
  const keys = new Map<string, Key>();
  for (const { subject, milestone } of entries)
    if (milestone) {
      keys.set(`${subject.id}/${milestone.measure}`, ['plan', subject.id, 'milestones', milestone.measure]);
      keys.set(subject.id, ['plan', subject.id, 'measures']);
    }
  return [...keys.values()];
}

/** All keys that a batch of changes touches, each once. */
export function affectedByAll(entries: readonly FeedEntry[]): Key[] {
  const keys = new Map<string, Key>();
  for (const entry of entries) for (const key of affected(entry)) keys.set(JSON.stringify(key), key);
  return [...keys.values()];
}
