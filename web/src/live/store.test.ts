import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { entry, measure, milestone, now } from '../../tests/make';
import { isWhoAmI, serve, session } from '../../tests/show';
import type { FeedEntry, Session } from '../api/types';
import { changeLanguage, currentLanguage, startI18n } from '../i18n';
import { readable } from '../i18n/erased';
import type { LiveConnection } from './live';
import { keepNewerRead } from './pages';
import { LiveStore } from './store';

const store = new LiveStore(new QueryClient());
beforeEach(() => void serve((call) => ({ body: isWhoAmI(call) ? session : { items: [], position: 0 } })));
afterEach(() => {
  store.stop();
  vi.unstubAllGlobals();
});

function connection(told: string[]): LiveConnection {
  return {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    invoke: (method, topics) => {
      told.push(`${method} ${(topics as string[]).join(' ')}`);
      return new Promise(() => {});
    },
    on: () => {},
    onClosed: () => {},
  };
}

test('what a page follows before the line is there is followed when it comes', async () => {
  const told: string[] = [];
  const leave = store.follow('group/g');
  store.start(
    0,
    () => {},
    () => connection(told),
  );
  await expect.poll(() => told).toEqual(['Follow all group/g']);
  leave();
});

test('a topic that two views follow is left when the last of them goes', async () => {
  const told: string[] = [];
  const first = store.follow('plan/p');
  const second = store.follow('plan/p');
  first();
  store.start(
    0,
    () => {},
    () => connection(told),
  );
  await expect.poll(() => told).toEqual(['Follow all plan/p']);
  second();
});

describe('when texts were erased', () => {
  const erasure = entry(5, { type: 'journal.texts-erased', subject: { kind: 'journal', id: 'erasures' }, topics: ['journal/erasures'] });
  let client: QueryClient;
  let live: LiveStore;
  let text: string;
  let feed: FeedEntry[];
  const leave: (() => void)[] = [];

  beforeEach(async () => {
    await startI18n('en');
    text = 'A name';
    feed = [];
    client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
    live = new LiveStore(client);
    serve((call) => ({ body: isWhoAmI(call) ? session : { items: feed, position: 4 } }));
  });
  afterEach(() => {
    live.stop();
    for (const one of leave.splice(0)) one();
  });

  /** Shows a read, as a view would. */
  function view(key: string, read: () => Promise<string> = async () => text): () => void {
    const end = new QueryObserver(client, { queryKey: [key], queryFn: read }).subscribe(() => {});
    leave.push(end);
    return end;
  }
  const held = (key: string) => client.getQueryData([key]);

  async function connected(): Promise<(payload: unknown) => void> {
    const handlers = new Map<string, (payload: unknown) => void>();
    live.start(
      4,
      () => {},
      () => ({ ...connection([]), invoke: async () => undefined, on: (event, handler) => void handlers.set(event, handler) }),
    );
    await expect.poll(() => live.state.get().kind).toBe('live');
    return (payload) => handlers.get('Changed')?.(payload);
  }

  test('every read on the screen is fetched anew, and the others are dropped', async () => {
    for (const key of ['plan', 'regions', 'bodies']) view(key);
    view('updates')();
    const push = await connected();
    await expect.poll(() => ['plan', 'regions', 'bodies', 'updates'].map(held)).toEqual(Array(4).fill('A name'));
    text = '(erased text)';
    push(erasure);
    await expect.poll(() => ['plan', 'regions', 'bodies'].map(held)).toEqual(Array(3).fill('(erased text)'));
    expect(held('updates')).toBeUndefined();
  });

  test('the same after a break', async () => {
    view('plan');
    await expect.poll(() => held('plan')).toBe('A name');
    text = '(erased text)';
    feed = [erasure];
    await connected();
    await expect.poll(() => held('plan')).toBe('(erased text)');
  });

  test('a first read that was under way is read once more', async () => {
    const push = await connected();
    let answer: ((text: string) => void) | undefined;
    let reads = 0;
    view('plan', () => {
      reads += 1;
      return reads > 1 ? Promise.resolve(text) : new Promise((resolve) => (answer = resolve));
    });
    text = '(erased text)';
    push(erasure);
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer?.('A name');
    await expect.poll(() => held('plan')).toBe('(erased text)');
  });

  test('another change does not fetch unrelated reads anew', async () => {
    view('regions');
    view('plans');
    const push = await connected();
    await expect.poll(() => held('regions')).toBe('A name');
    text = 'newer';
    push(entry(5));
    await expect.poll(() => held('plans')).toBe('newer');
    expect(held('regions')).toBe('A name');
  });

  test('a change of language reads lists anew: another alphabet sorts them', async () => {
    view('plans', async () => currentLanguage());
    await connected();
    await expect.poll(() => held('plans')).toBe('en');
    await changeLanguage('ar');
    await expect.poll(() => held('plans')).toBe('ar');
  });

  test('and shows its own word for what was erased', async () => {
    view('plan', async () => readable({ text: '[erased]' }).text);
    await connected();
    await expect.poll(() => held('plan')).toBe('(erased text)');
    await changeLanguage('ar');
    await expect.poll(() => held('plan')).toBe('(نص محذوف)');
  });
});

describe('when the session may have changed while the line was down', () => {
  const there: Session = { ...session, account: 'a-1' };
  let now: Session | 'away';
  let client: QueryClient;
  let live: LiveStore;
  let told: number[];
  let hubs: { push: (payload: unknown) => void; drop: () => void }[];

  beforeEach(async () => {
    await startI18n('en');
    now = session;
    told = [];
    hubs = [];
    client = new QueryClient();
    client.setQueryData(['session'], session);
    live = new LiveStore(client);
    live.listen((entries) => told.push(...entries.map((one) => one.position)));
    serve((call) => {
      if (isWhoAmI(call)) return now === 'away' ? { status: 503, body: { status: 503 } } : { body: now };
      return { body: { items: [], position: 4 } };
    });
    live.start(
      4,
      () => {},
      () => {
        const hub = { push: (_: unknown) => {}, drop: () => {} };
        hubs.push(hub);
        return {
          ...connection([]),
          invoke: async () => undefined,
          on: (event, handler) => {
            if (event === 'Changed') hub.push = handler;
          },
          onClosed: (handler) => {
            hub.drop = handler;
          },
        };
      },
    );
    await expect.poll(() => live.state.get().kind).toBe('live');
  });
  afterEach(() => live.stop());

  /** The line breaks, comes back, and is told something. */
  async function comeBack(): Promise<void> {
    const before = hubs.length;
    hubs.at(-1)?.drop();
    await expect.poll(() => hubs.length).toBe(before + 1);
    hubs.at(-1)?.push(entry(5));
  }

  test('it shows nothing that is told to another one, and holds the session that is true', async () => {
    now = there;
    await comeBack();
    await expect.poll(() => client.getQueryData(['session'])).toEqual(there);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(told).toEqual([]);
    expect(live.state.get().kind).toBe('reconnecting');
  });

  test('it goes on when nothing has changed, with the session as it is now', async () => {
    now = { ...session, bodies: [] };
    await comeBack();
    await expect.poll(() => told).toEqual([5]);
    expect(client.getQueryData<Session>(['session'])?.bodies).toEqual([]);
  });

  test('it tries again while nobody can tell', async () => {
    now = 'away';
    await comeBack();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(told).toEqual([]);
    now = session;
    await expect.poll(() => live.state.get().kind).toBe('live');
  });
});

describe('a read that left before a change and ends after it', () => {
  const inMeasure = { total: 1, done: 1, inProgress: 0, planned: 0, atRisk: 0, late: 0, cancelled: 0 };
  const done = entry(5, { version: 5, data: { milestone: 'm1' }, milestone: now({ status: 'done', late: false, version: 5, inMeasure }) });

  /** Shows the measures of a plan while they are read `nth`, pushes the change meanwhile, and lets the read end with what was before the change. */
  async function overtake(nth: number): Promise<unknown> {
    const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, structuralSharing: keepNewerRead } } });
    const live = new LiveStore(client);
    let reads = 0;
    let end = () => {};
    let happened = false;
    serve((call) => ({ body: isWhoAmI(call) ? session : { items: [], next: null, position: 4 } }));
    const leave = new QueryObserver(client, {
      queryKey: ['plan', 'p', 'measures', 'training'],
      queryFn: async () => {
        reads += 1;
        const pages = [{ items: [measure([milestone()], happened ? { milestones: inMeasure } : {})], next: null }];
        if (reads === nth) await new Promise<void>((resolve) => (end = resolve));
        return { pages, pageParams: [undefined] };
      },
    }).subscribe(() => {});
    const handlers = new Map<string, (payload: unknown) => void>();
    live.start(
      4,
      () => {},
      () => ({ ...connection([]), invoke: async () => undefined, on: (event, handler) => void handlers.set(event, handler) }),
    );
    await expect.poll(() => live.state.get().kind).toBe('live');
    if (nth > 1) void client.invalidateQueries({ queryKey: ['plan'] });
    await expect.poll(() => reads).toBe(nth);
    happened = true;
    handlers.get('Changed')?.(done);
    await new Promise((resolve) => setTimeout(resolve, 20));
    end();
    await expect.poll(() => reads, { timeout: 4000 }).toBe(nth + 1);
    await expect.poll(() => client.isFetching()).toBe(0);
    live.stop();
    leave();
    return client.getQueryData<{ pages: { items: { milestones: unknown }[] }[] }>(['plan', 'p', 'measures', 'training'])?.pages[0]?.items[0]
      ?.milestones;
  }

  test('does not take back how a measure stands', async () => expect(await overtake(2)).toEqual(inMeasure));
  test('is made again, also when it was the first', async () => expect(await overtake(1)).toEqual(inMeasure));
});
