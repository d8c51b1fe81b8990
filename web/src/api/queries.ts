import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Query, read, write } from './client';
import type {
  AccountSummary,
  BodyDetail,
  BodyView,
  DemonstrationAccount,
  FeedPage,
  GroupView,
  Inbox,
  Invitation,
  MilestoneView,
  OpenSession,
  Page,
  PlanDetail,
  PlanView,
  RegionView,
  RequestDetail,
  RequestView,
  SecurityEvent,
  Session,
  SubscriptionView,
  UpdateView,
} from './types';

/** Reads a list to its end, page by page, but no further than a screen can bear. */
async function all<T>(path: string, query: Query, signal: AbortSignal, most = 2000): Promise<Page<T>> {
  const items: T[] = [];
  let after: string | null | undefined;
  do {
    const page = await read<Page<T>>(path, { ...query, after, limit: Math.min(500, most) }, signal);
    items.push(...page.items);
    after = page.next;
  } while (after && items.length < most);
  return { items, next: after ?? null };
}

/** Reads a list to its very end, for a file, and says after each page how much there is so far. */
async function whole<T>(path: string, query: Query, onRead: (count: number) => void, signal: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let after: string | null | undefined;
  do {
    const page = await read<Page<T>>(path, { ...query, after, limit: 500 }, signal);
    items.push(...page.items);
    onRead(items.length);
    after = page.next;
  } while (after);
  return items;
}

export const wholeSecurityLog = (query: Query, onRead: (count: number) => void, signal: AbortSignal): Promise<SecurityEvent[]> =>
  whole('/security-log', query, onRead, signal);

const encode = encodeURIComponent;
/** Only what is set, so that equal filters have equal keys. */
const lean = (query: Query): Query => Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== ''));

/** Every read of the dashboard with its cache key; the keys are what live changes are matched to. */
export const queries = {
  session: () =>
    queryOptions({
      queryKey: ['session'],
      queryFn: ({ signal }) => read<Session>('/session', {}, signal),
      staleTime: Infinity,
      // Its version is that of the platform: it does not tell which of two sessions is newer.
      structuralSharing: true,
      retry: false,
    }),
  /** Devices on which a person is signed in. */
  sessions: (account: string) =>
    queryOptions({
      queryKey: ['sessions', account],
      queryFn: ({ signal }) => read<{ items: OpenSession[] }>(`/accounts/${encode(account)}/sessions`, {}, signal),
      // No change tells of it.
      staleTime: 0,
    }),
  /** What happened at the doors, newest first, page by page. */
  securityLog: (query: Query = {}) =>
    infiniteQueryOptions({
      queryKey: ['security-log', lean(query)],
      queryFn: ({ pageParam, signal }) => read<Page<SecurityEvent>>('/security-log', { ...query, after: pageParam, limit: 100 }, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
      // No change tells of it.
      staleTime: 0,
    }),
  /** All accounts, page by page, for administrators. */
  accounts: (query: Query = {}) =>
    infiniteQueryOptions({
      queryKey: ['accounts', lean(query)],
      queryFn: ({ pageParam, signal }) => read<Page<AccountSummary>>('/accounts', { ...query, after: pageParam, limit: 100 }, signal),
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
      queryFn: () => write<Invitation>('/invitations/see', { token }),
      retry: false,
      staleTime: Infinity,
    }),
  demonstration: () =>
    queryOptions({
      queryKey: ['demonstration'],
      queryFn: ({ signal }) => read<{ items: DemonstrationAccount[] }>('/session/demonstration', {}, signal),
    }),
  bodies: (query: Query = {}) =>
    queryOptions({
      queryKey: ['bodies', lean(query)],
      queryFn: ({ signal }) => all<BodyView>('/bodies', query, signal),
      placeholderData: keepPreviousData,
    }),
  body: (id: string) =>
    queryOptions({ queryKey: ['body', id], queryFn: ({ signal }) => read<BodyDetail>(`/bodies/${encode(id)}`, {}, signal) }),
  /** Those that bodies lie in, or all. */
  regions: (all?: true) =>
    queryOptions({
      queryKey: ['regions', lean({ all })],
      queryFn: ({ signal }) => read<{ items: RegionView[] }>('/regions', { all }, signal),
    }),
  plans: (query: Query = {}) =>
    queryOptions({
      queryKey: ['plans', lean(query)],
      queryFn: ({ signal }) => all<PlanView>('/plans', query, signal),
      placeholderData: keepPreviousData,
    }),
  plan: (id: string) =>
    queryOptions({ queryKey: ['plan', id], queryFn: ({ signal }) => read<PlanDetail>(`/plans/${encode(id)}`, {}, signal) }),
  milestones: (query: Query = {}) =>
    queryOptions({
      queryKey: ['milestones', lean(query)],
      queryFn: ({ signal }) => all<MilestoneView>('/milestones', query, signal),
      placeholderData: keepPreviousData,
    }),
  requests: (query: Query = {}) =>
    queryOptions({
      queryKey: ['requests', lean(query)],
      queryFn: ({ signal }) => all<RequestView>('/requests', query, signal),
      placeholderData: keepPreviousData,
    }),
  request: (id: string) =>
    queryOptions({ queryKey: ['request', id], queryFn: ({ signal }) => read<RequestDetail>(`/requests/${encode(id)}`, {}, signal) }),
  groups: () => queryOptions({ queryKey: ['groups'], queryFn: ({ signal }) => all<GroupView>('/groups', {}, signal) }),
  group: (id: string) =>
    queryOptions({ queryKey: ['group', id], queryFn: ({ signal }) => read<GroupView>(`/groups/${encode(id)}`, {}, signal) }),
  /** The newest so many updates; asking for more keeps what is shown until they are there. */
  updates: (id: string, most = 100) =>
    queryOptions({
      queryKey: ['updates', id, most],
      queryFn: ({ signal }) => all<UpdateView>(`/groups/${encode(id)}/updates`, {}, signal, most),
      placeholderData: keepPreviousData,
    }),
  subscriptions: () =>
    queryOptions({ queryKey: ['subscriptions'], queryFn: ({ signal }) => all<SubscriptionView>('/subscriptions', {}, signal) }),
  inbox: (most = 50) =>
    queryOptions({
      queryKey: ['inbox', most],
      queryFn: ({ signal }) => read<Inbox>('/inbox', { limit: most }, signal),
      placeholderData: keepPreviousData,
    }),
};

/** Changes after a position, oldest first. */
export const feedAfter = (after: number, topics: readonly string[], limit: number, signal?: AbortSignal): Promise<FeedPage> =>
  read<FeedPage>('/feed', { after, topic: topics, limit }, signal);

/** Changes before a position (or the end), newest first. */
export const feedBefore = (before: number | null, topics: readonly string[], limit: number, signal?: AbortSignal): Promise<FeedPage> =>
  read<FeedPage>('/feed', { before, topic: topics, limit }, signal);
