import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { post, read } from './client';
import type { QueryOf } from './operations';
import type { FeedPage, MilestoneView, Page, Pillar, SecurityEvent } from './types';

/** Reads one page of a list. */
type ReadPage<T> = (after: string | undefined, limit: number) => Promise<Page<T>>;

/** Reads a list to its end, page by page, but no further than a screen can bear. */
async function all<T>(readPage: ReadPage<T>, most = 2000): Promise<Page<T>> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await readPage(after, Math.min(500, most));
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after && items.length < most);
  return { items, next: after ?? null };
}

/** Reads a list to its very end, and says after each page how much there is so far. */
async function whole<T>(readPage: ReadPage<T>, onRead: (count: number) => void = () => undefined): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await readPage(after, 500);
    items.push(...page.items);
    onRead(items.length);
    after = page.next ?? undefined;
  } while (after);
  return items;
}

export const wholeSecurityLog = (
  query: QueryOf<'/security-log'>,
  onRead: (count: number) => void,
  signal: AbortSignal,
): Promise<SecurityEvent[]> => whole((after, limit) => read('/security-log', { query: { ...query, after, limit }, signal }), onRead);

/** Filters of milestones that another standing takes one into, or out of. */
const byStanding = ['overdue', 'atRisk', 'toApprove', 'status', 'dueBefore', 'dueAfter'] as const;

/** Measures under one pillar of a plan that are read at once. */
export const measuresAtOnce = 50;

/** Measures whose milestones one call asks for, at most: their ids stand in its address. */
const measuresInCall = 20;

interface Asked {
  measure: string;
  resolve: (page: Page<MilestoneView>) => void;
  reject: (problem: unknown) => void;
}
const asked = new Map<string, Asked[]>();

/** All milestones of a measure. What is asked for at the same moment, as by the measures that scroll into view, is read in one go. */
function milestonesOf(plan: string, measure: string): Promise<Page<MilestoneView>> {
  return new Promise((resolve, reject) => {
    const waiting = asked.get(plan);
    if (waiting) {
      waiting.push({ measure, resolve, reject });
      return;
    }
    asked.set(plan, [{ measure, resolve, reject }]);
    setTimeout(() => {
      const all = asked.get(plan) ?? [];
      asked.delete(plan);
      for (let at = 0; at < all.length; at += measuresInCall) void readMilestones(plan, all.slice(at, at + measuresInCall));
    });
  });
}

async function readMilestones(plan: string, some: readonly Asked[]): Promise<void> {
  try {
    const measure = some.map((one) => one.measure);
    const milestones = await whole((after, limit) => read('/milestones', { query: { plan, measure, after, limit } }));
    for (const one of some) one.resolve({ items: milestones.filter((milestone) => milestone.measure === one.measure), next: null });
  } catch (problem) {
    for (const one of some) one.reject(problem);
  }
}

/** Only what is set, so that equal filters have equal keys. */
const lean = (query: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== ''));

/** Every read of the dashboard with its cache key; the keys are what live changes are matched to. */
export const queries = {
  session: () =>
    queryOptions({
      queryKey: ['session'],
      queryFn: ({ signal }) => read('/session', { signal }),
      staleTime: Infinity,
      // Its version is that of the platform: it does not tell which of two sessions is newer.
      structuralSharing: true,
      retry: false,
    }),
  /** Devices on which a person is signed in. */
  sessions: (account: string) =>
    queryOptions({
      queryKey: ['sessions', account],
      queryFn: ({ signal }) => read('/accounts/{id}/sessions', { path: { id: account }, signal }),
      // No change tells of it.
      staleTime: 0,
    }),
  /** What happened at the doors, newest first, page by page. */
  securityLog: (query: QueryOf<'/security-log'> = {}) =>
    infiniteQueryOptions({
      queryKey: ['security-log', lean(query)],
      queryFn: ({ pageParam, signal }) => read('/security-log', { query: { ...query, after: pageParam, limit: 100 }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
      // No change tells of it.
      staleTime: 0,
    }),
  /** All accounts, page by page, for administrators. */
  accounts: (query: QueryOf<'/accounts'> = {}) =>
    infiniteQueryOptions({
      queryKey: ['accounts', lean(query)],
      queryFn: ({ pageParam, signal }) => read('/accounts', { query: { ...query, after: pageParam, limit: 100 }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
      placeholderData: keepPreviousData,
      staleTime: 0,
      // Little of it is told to administrators as a change, since it concerns nobody but the body.
      refetchInterval: 15_000,
    }),
  /** What an invitation says; its token is the whole right to see it. */
  invitation: (token: string) =>
    queryOptions({
      queryKey: ['invitation', token],
      queryFn: () => post('/invitations/see', { token }),
      retry: false,
      staleTime: Infinity,
    }),
  demonstration: () =>
    queryOptions({
      queryKey: ['demonstration'],
      queryFn: ({ signal }) => read('/session/demonstration', { signal }),
    }),
  bodies: (query: QueryOf<'/bodies'> = {}) =>
    queryOptions({
      queryKey: ['bodies', lean(query)],
      queryFn: ({ signal }) => all((after, limit) => read('/bodies', { query: { ...query, after, limit }, signal })),
      placeholderData: keepPreviousData,
    }),
  /** Names of bodies by their ids. Counts of bodies move all the time and names hardly ever, so they are read apart. */
  names: () =>
    queryOptions({
      queryKey: ['names'],
      queryFn: async ({ signal }) => {
        const bodies = await whole((after, limit) => read('/bodies', { query: { after, limit }, signal }));
        return new Map(bodies.map((body) => [body.id, body.name]));
      },
      structuralSharing: false,
    }),
  body: (id: string) => queryOptions({ queryKey: ['body', id], queryFn: ({ signal }) => read('/bodies/{id}', { path: { id }, signal }) }),
  /** Those that bodies lie in, or all. */
  regions: (all?: true) =>
    queryOptions({
      queryKey: ['regions', lean({ all })],
      queryFn: ({ signal }) => read('/regions', { query: { all }, signal }),
    }),
  plans: (query: QueryOf<'/plans'> = {}) =>
    queryOptions({
      queryKey: ['plans', lean(query)],
      queryFn: ({ signal }) => all((after, limit) => read('/plans', { query: { ...query, after, limit }, signal })),
      placeholderData: keepPreviousData,
    }),
  /** A plan without its parts. */
  plan: (id: string) =>
    queryOptions({ queryKey: ['plan', id, 'head'], queryFn: ({ signal }) => read('/plans/{id}', { path: { id }, signal }) }),
  /** Measures of a plan under one pillar, page by page, or all of them. */
  measures: (id: string, pillar?: Pillar) =>
    infiniteQueryOptions({
      queryKey: ['plan', id, 'measures', pillar ?? 'all'],
      queryFn: ({ pageParam, signal }) =>
        read('/plans/{id}/measures', {
          path: { id },
          query: { pillar, after: pageParam, limit: pillar ? measuresAtOnce : 500 },
          signal,
        }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  /** All milestones of one measure. */
  milestonesOf: (id: string, measure: string) =>
    queryOptions({
      queryKey: ['plan', id, 'milestones', measure],
      queryFn: () => milestonesOf(id, measure),
    }),
  milestone: (id: string, milestone: string) =>
    queryOptions({
      queryKey: ['plan', id, 'milestone', milestone],
      queryFn: ({ signal }) => read('/plans/{id}/milestones/{milestone}', { path: { id, milestone }, signal }),
    }),
  /** Reports on a milestone, newest first, page by page. */
  reports: (id: string, milestone: string) =>
    infiniteQueryOptions({
      queryKey: ['plan', id, 'reports', milestone],
      queryFn: ({ pageParam, signal }) =>
        read('/plans/{id}/milestones/{milestone}/reports', { path: { id, milestone }, query: { after: pageParam, limit: 20 }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  milestones: (query: QueryOf<'/milestones'> = {}) =>
    queryOptions({
      // Which milestones there are is another thing than how they stand, which changes all the time and is told with each change.
      queryKey: ['milestones', byStanding.some((name) => query[name] !== undefined) ? 'standing' : 'all', lean(query)],
      queryFn: ({ signal }) => all((after, limit) => read('/milestones', { query: { ...query, after, limit }, signal })),
      placeholderData: keepPreviousData,
    }),
  requests: (query: QueryOf<'/requests'> = {}) =>
    queryOptions({
      queryKey: ['requests', lean(query)],
      queryFn: ({ signal }) => all((after, limit) => read('/requests', { query: { ...query, after, limit }, signal })),
      placeholderData: keepPreviousData,
    }),
  request: (id: string) =>
    queryOptions({ queryKey: ['request', id], queryFn: ({ signal }) => read('/requests/{id}', { path: { id }, signal }) }),
  groups: () =>
    queryOptions({
      queryKey: ['groups'],
      queryFn: ({ signal }) => all((after, limit) => read('/groups', { query: { after, limit }, signal })),
    }),
  group: (id: string) => queryOptions({ queryKey: ['group', id], queryFn: ({ signal }) => read('/groups/{id}', { path: { id }, signal }) }),
  /** The newest so many updates; asking for more keeps what is shown until they are there. */
  updates: (id: string, most = 100) =>
    queryOptions({
      queryKey: ['updates', id, most],
      queryFn: ({ signal }) => all((after, limit) => read('/groups/{id}/updates', { path: { id }, query: { after, limit }, signal }), most),
      placeholderData: keepPreviousData,
    }),
  subscriptions: () =>
    queryOptions({
      queryKey: ['subscriptions'],
      queryFn: ({ signal }) => all((after, limit) => read('/subscriptions', { query: { after, limit }, signal })),
    }),
  inbox: (most = 50) =>
    queryOptions({
      queryKey: ['inbox', most],
      queryFn: ({ signal }) => read('/inbox', { query: { limit: most }, signal }),
      placeholderData: keepPreviousData,
    }),
};

/** Changes after a position, oldest first. */
export const feedAfter = (after: number, topics: readonly string[], limit: number, signal?: AbortSignal): Promise<FeedPage> =>
  read('/feed', { query: { after, topic: [...topics], limit }, ...(signal ? { signal } : {}) });

/** Changes before a position (or the end), newest first. */
export const feedBefore = (before: number | null, topics: readonly string[], limit: number, signal?: AbortSignal): Promise<FeedPage> =>
  read('/feed', { query: { ...(before === null ? {} : { before }), topic: [...topics], limit }, ...(signal ? { signal } : {}) });
