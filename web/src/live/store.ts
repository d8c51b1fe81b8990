import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { advanceSeen } from '../api/client';
import { feedAfter, queries } from '../api/queries';
import { readSessionAnew, visitorOf } from '../api/session';
import type { FeedEntry, Here, MeasureView, MilestoneView, Page, RequestDetail, RequestView } from '../api/types';
import { onLanguageChange } from '../i18n';
import { affectedByAll, everything, overtaken } from './affected';
import { hubConnection } from './hub';
import { type Live, type LiveConnection, type LiveState, startLive } from './live';
import { patchRead, type Read, readAgain } from './pages';
import { patchMeasures, patchMilestone, patchMilestonePage, patchRequest, patchRequestPage } from './patch';
import { perFrame, Refresher } from './refresh';

type Listener = () => void;

/** A value that views can watch. */
export class Cell<T> {
  #value: T;
  readonly #listeners = new Set<Listener>();
  constructor(value: T) {
    this.#value = value;
  }
  readonly get = (): T => this.#value;
  readonly watch = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
}

/** Which row a change is about. */
export function rowOf(entry: FeedEntry): string {
  return entry.data.milestone ? `milestone/${entry.subject.id}/${entry.data.milestone}` : `${entry.subject.kind}/${entry.subject.id}`;
}

const flashFor = 2000;

/** The live line of one signed-in window, tied to the cache of reads. */
export class LiveStore {
  readonly state = new Cell<LiveState>({ kind: 'connecting', asOf: null });
  readonly here = new Cell<Here | null>(null);
  /** The last change of each row that changed within the last two seconds. */
  readonly flashes = new Cell<ReadonlyMap<string, FeedEntry>>(new Map());
  /** Counts how often every earlier read became void. A view that keeps its reads outside the cache reads them anew at each change. */
  readonly voided = new Cell(0);
  /** What views follow, and how many of them. */
  readonly #topics = new Map<string, number>();
  readonly #entryListeners = new Set<(entries: FeedEntry[]) => void>();
  readonly #client: QueryClient;
  readonly #refresher: Refresher;
  #live: Live | null = null;
  #stop: AbortController | null = null;

  constructor(client: QueryClient) {
    this.#client = client;
    this.#refresher = new Refresher((key) => readAgain(client, key));
  }

  start(position: number, onSignedOut: () => void, connect: () => LiveConnection = hubConnection): void {
    this.stop();
    const stop = new AbortController();
    this.#stop = stop;
    advanceSeen(position);
    const shown = this.#client.getQueryData(queries.session().queryKey);
    const live = startLive({
      connect,
      readFeed: (after, signal) => feedAfter(after, [], 500, signal),
      topics: ['all', ...this.#topics.keys()],
      position,
      signal: stop.signal,
      // The hub tells what the body of the cookie may see, and another window may have changed that body.
      confirm: async () => {
        const now = await readSessionAnew(this.#client);
        if (shown && visitorOf(now) !== visitorOf(shown)) throw new Error('The session acts for somebody else now');
      },
      online: () => navigator.onLine,
      onState: (state) => {
        this.state.set(state);
        // What is not told as a change may have been missed; and a line that does not come back may have lost its session.
        if (state.kind === 'live') this.#refresher.refresh([['inbox'], ['subscriptions']]);
        if (state.kind === 'reconnecting') this.#refresher.refresh([['session']]);
      },
      onEntries: this.#apply,
      onInbox: () => this.#refresher.refresh([['inbox']]),
      onHere: (here) => this.here.set(here),
      onSignedOut,
    });
    this.#live = live;
    const network = () => live.networkChanged();
    // A laptop that wakes up should not wait for its timers.
    const visible = () => {
      if (document.visibilityState === 'visible') live.tryNow();
    };
    // Names are sorted by the alphabet of the language, and a cursor is of one language. Earlier reads hold its word for an erased text, too.
    onLanguageChange(() => this.#readAnew(), stop.signal);
    window.addEventListener('online', network, { signal: stop.signal });
    window.addEventListener('offline', network, { signal: stop.signal });
    document.addEventListener('visibilitychange', visible, { signal: stop.signal });
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.#live = null;
    this.here.set(null);
    this.state.set({ kind: 'connecting', asOf: null });
  }

  /** How far the line has told; null when there is none. */
  position(): number | null {
    return this.#live?.position() ?? null;
  }

  readonly tryNow = (): void => this.#live?.tryNow();

  /** Also before the line is there: on a page that is opened directly, the page is mounted before its frame starts the line. */
  follow(topic: string): () => void {
    const followers = this.#topics.get(topic) ?? 0;
    this.#topics.set(topic, followers + 1);
    if (followers === 0) this.#live?.follow(topic);
    return () => {
      const left = (this.#topics.get(topic) ?? 1) - 1;
      if (left > 0) {
        this.#topics.set(topic, left);
        return;
      }
      this.#topics.delete(topic);
      this.#live?.unfollow(topic);
    };
  }

  /** Calls back with every batch of new changes, in order. */
  listen(listener: (entries: FeedEntry[]) => void): () => void {
    this.#entryListeners.add(listener);
    return () => this.#entryListeners.delete(listener);
  }

  readonly #apply = perFrame<FeedEntry>((entries) => {
    const last = entries.at(-1);
    if (!last) return;
    advanceSeen(last.position);
    for (const entry of entries) this.#patch(entry);
    this.#flash(entries);
    for (const listener of this.#entryListeners) listener(entries);
    const keys = affectedByAll(entries);
    if (keys.includes(everything)) this.#readAnew();
    else {
      this.#refresher.refresh(keys);
      this.#refresher.refresh(
        overtaken(entries)
          .filter((key) => this.#client.isFetching({ queryKey: key }) > 0)
          .flatMap((key) => [key, key]),
      );
    }
  });

  /** Reads everything anew. Reads that no view shows are dropped, so that a view that opens later does not show them first. */
  #readAnew(): void {
    this.#client.removeQueries({ predicate: (query) => query.getObserversCount() === 0 && query.state.fetchStatus === 'idle' });
    const first = this.#client.isFetching({ predicate: ({ state }) => state.data === undefined }) > 0;
    // A first read that is under way cannot be called back, so there is another round when it has ended.
    this.#refresher.refresh(first ? [everything, everything] : [everything]);
    this.voided.set(this.voided.get() + 1);
  }

  #patch(entry: FeedEntry): void {
    const { kind, id } = entry.subject;
    if (kind === 'plan') {
      const now = entry.milestone;
      if (!now) return;
      this.#client.setQueryData<Page<MilestoneView>>(
        ['plan', id, 'milestones', now.measure],
        (page) => page && patchMilestonePage(page, entry),
      );
      this.#client.setQueryData<MilestoneView>(['plan', id, 'milestone', now.id], (one) => one && patchMilestone(one, entry));
      this.#client.setQueriesData<InfiniteData<Page<MeasureView>>>(
        { queryKey: ['plan', id, 'measures'] },
        (data) => data && { ...data, pages: data.pages.map((page) => patchMeasures(page, entry)) },
      );
      this.#client.setQueriesData<Read<MilestoneView>>(
        { queryKey: ['milestones'] },
        (read) => read && patchRead(read, (page) => patchMilestonePage(page, entry)),
      );
    } else if (kind === 'request') {
      this.#client.setQueryData<RequestDetail>(['request', id], (request) => request && patchRequest(request, entry));
      this.#client.setQueriesData<Read<RequestView>>(
        { queryKey: ['requests'] },
        (read) => read && patchRead(read, (page) => patchRequestPage(page, entry)),
      );
    }
  }

  #flash(entries: readonly FeedEntry[]): void {
    const next = new Map(this.flashes.get());
    for (const entry of entries) next.set(rowOf(entry), entry);
    this.flashes.set(next);
    setTimeout(() => {
      const left = new Map(this.flashes.get());
      for (const entry of entries) if (left.get(rowOf(entry)) === entry) left.delete(rowOf(entry));
      this.flashes.set(left);
    }, flashFor);
  }
}
