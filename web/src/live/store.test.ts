import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { entry } from '../../tests/make';
import { serve } from '../../tests/show';
import type { FeedEntry } from '../api/types';
import { changeLanguage, startI18n } from '../i18n';
import { readable } from '../i18n/erased';
import type { LiveConnection } from './live';
import { LiveStore } from './store';

const store = new LiveStore(new QueryClient());
afterEach(() => store.stop());

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
    serve(() => ({ body: { items: feed, position: 4 } }));
  });
  afterEach(() => {
    live.stop();
    for (const one of leave.splice(0)) one();
    vi.unstubAllGlobals();
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
    for (const key of ['plan', 'session', 'bodies']) view(key);
    view('updates')();
    const push = await connected();
    await expect.poll(() => ['plan', 'session', 'bodies', 'updates'].map(held)).toEqual(Array(4).fill('A name'));
    text = '(erased text)';
    push(erasure);
    await expect.poll(() => ['plan', 'session', 'bodies'].map(held)).toEqual(Array(3).fill('(erased text)'));
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

  test('a change of language reads anew once an erased text was met', async () => {
    view('plan', async () => readable({ text: '[erased]' }).text);
    await connected();
    await expect.poll(() => held('plan')).toBe('(erased text)');
    await changeLanguage('ar');
    await expect.poll(() => held('plan')).toBe('(نص محذوف)');
  });
});
