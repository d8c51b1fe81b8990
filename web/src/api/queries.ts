import { type InfiniteData, infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { post, read } from './client';
import type { QueryOf } from './operations';
import type { BodyView, FeedPage, MilestoneView, Page, Pillar, PlanView, RequestView, SecurityEvent } from './types';

/** Reads one page of a list. */
type ReadPage<T> = (after: string | undefined, limit: number, signal?: AbortSignal) => Promise<Page<T>>;

/** Items that are read at once, and shown before one asks for more. */
const atOnce = 50;

/** Reads a list to its very end, and says after each page how much there is so far. */
async function whole<T>(readPage: ReadPage<T>, onRead: (count: number) => void = () => undefined): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await readPage(after, mostAtOnce);
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
const byStanding = ['overdue', 'atRisk', 'toApprove', 'status', 'open', 'dueBefore', 'dueAfter'] as const;

/** Measures under one pillar of a plan that are read at once. */
const measuresAtOnce = 50;

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

/** Items of a list that one call may ask for. */
export const mostAtOnce = 500;

/** So many items of a list, in as few calls as can be, as one page. */
async function readUpTo<T>(readPage: ReadPage<T>, after: string | undefined, most: number, signal: AbortSignal): Promise<Page<T>> {
  let page = await readPage(after, Math.min(most, mostAtOnce), signal);
  const items = [...page.items];
  while (page.next && items.length < most) {
    page = await readPage(page.next, Math.min(most - items.length, mostAtOnce), signal);
    items.push(...page.items);
  }
  return { ...page, items };
}

/**
 * A list, page by page as one goes on; what is shown stays until what was asked for is there. A first page that holds more than it was asked for was
 * gathered (`live/pages.ts`), and is read again as long as it is.
 */
const list = <T>(queryKey: readonly unknown[], readPage: ReadPage<T>, limit = atOnce) =>
  infiniteQueryOptions({
    queryKey,
    meta: { isList: true },
    queryFn: ({ pageParam, signal, client }) => {
      const held = pageParam === undefined ? (client.getQueryData<InfiniteData<Page<T>>>(queryKey)?.pages[0]?.items.length ?? 0) : 0;
      return held > limit ? readUpTo(readPage, pageParam, Math.ceil(held / limit) * limit, signal) : readPage(pageParam, limit, signal);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page<T>) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

/** The first so many of a list, with how many there are. */
const first = <T>(queryKey: readonly unknown[], readPage: ReadPage<T>, limit: number) =>
  queryOptions({
    queryKey: [...queryKey, 'first', limit],
    queryFn: ({ signal }) => readPage(undefined, limit, signal),
    placeholderData: keepPreviousData,
  });

const bodiesPage =
  (query: QueryOf<'/bodies'>): ReadPage<BodyView> =>
  (after, limit, signal) =>
    read('/bodies', { query: { ...query, after, limit }, ...(signal ? { signal } : {}) });
const plansPage =
  (query: QueryOf<'/plans'>): ReadPage<PlanView> =>
  (after, limit, signal) =>
    read('/plans', { query: { ...query, after, limit }, ...(signal ? { signal } : {}) });
const milestonesPage =
  (query: QueryOf<'/milestones'>): ReadPage<MilestoneView> =>
  (after, limit, signal) =>
    read('/milestones', { query: { ...query, after, limit }, ...(signal ? { signal } : {}) });

/** Which milestones there are is another thing than how they stand, which changes all the time and is told with each change. */
const milestonesKey = (query: QueryOf<'/milestones'>): readonly unknown[] => [
  'milestones',
  byStanding.some((name) => query[name] !== undefined) || query.sort?.endsWith('status') ? 'standing' : 'all',
  lean(query),
];
const requestsPage =
  (query: QueryOf<'/requests'>): ReadPage<RequestView> =>
  (after, limit, signal) =>
    read('/requests', { query: { ...query, after, limit }, ...(signal ? { signal } : {}) });

/** A list with a filter to its very end, for a file. */
export const wholeList = {
  plans: (query: QueryOf<'/plans'>, onRead: (count: number) => void, signal: AbortSignal): Promise<PlanView[]> =>
    whole((after, limit) => plansPage(query)(after, limit, signal), onRead),
  milestones: (query: QueryOf<'/milestones'>, onRead: (count: number) => void, signal: AbortSignal): Promise<MilestoneView[]> =>
    whole((after, limit) => milestonesPage(query)(after, limit, signal), onRead),
  requests: (query: QueryOf<'/requests'>, onRead: (count: number) => void, signal: AbortSignal): Promise<RequestView[]> =>
    whole((after, limit) => requestsPage(query)(after, limit, signal), onRead),
};

/** Ids that one call may name. */
const idsAtOnce = 100;

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
  accounts: (query: QueryOf<'/accounts'> = {}) => ({
    ...list(['accounts', lean(query)], (after, limit, signal) =>
      read('/accounts', { query: { ...query, after, limit }, ...(signal ? { signal } : {}) }),
    ),
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
  bodies: (query: QueryOf<'/bodies'> = {}) => list(['bodies', lean(query)], bodiesPage(query)),
  firstBodies: (query: QueryOf<'/bodies'>, limit: number) => first(['bodies', lean(query)], bodiesPage(query), limit),
  /** Names by ids; one that is not known is missing. Counts of bodies move all the time and names hardly ever, so they are read apart. */
  bodyNames: (ids: readonly string[]) =>
    queryOptions({
      queryKey: ['names', ids],
      queryFn: async ({ signal }) => {
        const names: Record<string, string> = {};
        for (let at = 0; at < ids.length; at += idsAtOnce) {
          const id = ids.slice(at, at + idsAtOnce);
          for (const body of (await read('/bodies', { query: { id, limit: idsAtOnce }, signal })).items) names[body.id] = body.name;
        }
        return names;
      },
      placeholderData: keepPreviousData,
    }),
  /** States and the plans of States, all of them, for the map: much at once, so it is read again less often than lists are. */
  states: () =>
    queryOptions({
      queryKey: ['every', 'state'],
      queryFn: ({ signal }) => whole((after, limit) => bodiesPage({ kind: 'state' })(after, limit, signal)),
    }),
  everyPlan: () =>
    queryOptions({ queryKey: ['every', 'plan'], queryFn: ({ signal }) => whole((after, limit) => plansPage({})(after, limit, signal)) }),
  body: (id: string) => queryOptions({ queryKey: ['body', id], queryFn: ({ signal }) => read('/bodies/{id}', { path: { id }, signal }) }),
  /** Those that bodies lie in, or all. */
  regions: (all?: true) =>
    queryOptions({
      queryKey: ['regions', lean({ all })],
      queryFn: ({ signal }) => read('/regions', { query: { all }, signal }),
    }),
  /** How the milestones of a region's States stand. */
  regionProgress: (region: string) =>
    queryOptions({
      queryKey: ['milestones', 'standing', 'region', region],
      queryFn: ({ signal }) => read('/regions/{region}/progress', { path: { region }, signal }),
    }),
  plans: (query: QueryOf<'/plans'> = {}) => list(['plans', lean(query)], plansPage(query)),
  firstPlans: (query: QueryOf<'/plans'>, limit: number) => first(['plans', lean(query)], plansPage(query), limit),
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
  milestones: (query: QueryOf<'/milestones'> = {}) => list(milestonesKey(query), milestonesPage(query)),
  firstMilestones: (query: QueryOf<'/milestones'>, limit: number) => first(milestonesKey(query), milestonesPage(query), limit),
  requests: (query: QueryOf<'/requests'> = {}) => list(['requests', lean(query)], requestsPage(query)),
  firstRequests: (query: QueryOf<'/requests'>, limit: number) => first(['requests', lean(query)], requestsPage(query), limit),
  request: (id: string) =>
    queryOptions({ queryKey: ['request', id], queryFn: ({ signal }) => read('/requests/{id}', { path: { id }, signal }) }),
  groups: (query: QueryOf<'/groups'> = {}) =>
    list(['groups', lean(query)], (after, limit, signal) =>
      read('/groups', { query: { ...query, after, limit }, ...(signal ? { signal } : {}) }),
    ),
  firstGroups: (query: QueryOf<'/groups'>, limit: number) =>
    first(
      ['groups', lean(query)],
      (after, most, signal) => read('/groups', { query: { ...query, after, limit: most }, ...(signal ? { signal } : {}) }),
      limit,
    ),
  group: (id: string) => queryOptions({ queryKey: ['group', id], queryFn: ({ signal }) => read('/groups/{id}', { path: { id }, signal }) }),
  updates: (id: string) =>
    list(
      ['updates', id],
      (after, limit, signal) => read('/groups/{id}/updates', { path: { id }, query: { after, limit }, ...(signal ? { signal } : {}) }),
      100,
    ),
  /** All of one's body: there are as many as it made. */
  subscriptions: () =>
    queryOptions({
      queryKey: ['subscriptions'],
      queryFn: async ({ signal }) => ({
        items: await whole((after, limit) => read('/subscriptions', { query: { after, limit }, signal })),
      }),
    }),
  inbox: (most = 50) =>
    queryOptions({
      queryKey: ['inbox', most],
      queryFn: ({ signal }) => read('/inbox', { query: { limit: most }, signal }),
      placeholderData: keepPreviousData,
    }),
  /** The inbox, page by page. */
  inboxPages: () =>
    infiniteQueryOptions({
      queryKey: ['inbox', 'pages'],
      queryFn: ({ pageParam, signal }) => read('/inbox', { query: { after: pageParam, limit: atOnce }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  /** What the words find, of whatever may be seen. */
  search: (query: QueryOf<'/search'>) =>
    list(['search', lean(query)], (after, limit, signal) =>
      read('/search', { query: { ...query, after, limit }, ...(signal ? { signal } : {}) }),
    ),
  firstFound: (query: QueryOf<'/search'>, limit: number) =>
    first(
      ['search', lean(query)],
      (after, most, signal) => read('/search', { query: { ...query, after, limit: most }, ...(signal ? { signal } : {}) }),
      limit,
    ),
};

/** Changes after a position, oldest first. */
export const feedAfter = (after: number, topics: readonly string[], limit: number, signal?: AbortSignal): Promise<FeedPage> =>
  read('/feed', { query: { after, topic: [...topics], limit }, ...(signal ? { signal } : {}) });

/** Changes before a position (or the end), newest first. */
export const feedBefore = (before: number | null, topics: readonly string[], limit: number, signal?: AbortSignal): Promise<FeedPage> =>
  read('/feed', { query: { ...(before === null ? {} : { before }), topic: [...topics], limit }, ...(signal ? { signal } : {}) });
