import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { entry } from '../../../tests/make';
import { isWhoAmI, serve, session, show } from '../../../tests/show';
import type { FeedEntry } from '../../api/types';
import { changeLanguage, startI18n } from '../../i18n';
import type { LiveConnection } from '../../live/live';
import { EntryLine } from './EntryLine';
import { useFeed } from './useFeed';

afterEach(async () => {
  vi.unstubAllGlobals();
  await startI18n('en');
});

/** The feed of one plan: it does not follow the journal. */
function Plan() {
  const feed = useFeed(['plan/p']);
  return feed.entries.map((one) => <EntryLine key={one.position} entry={one} />);
}

const told = (text: string) => [entry(2, { data: { text } }), entry(1, { data: { text } })];
const erasure = entry(3, {
  type: 'journal.texts-erased',
  topics: ['journal/erasures'],
  subject: { kind: 'journal', id: 'erasures' },
  data: { count: '2', positions: '1 2', reason: 'why' },
});

/** Shows the feed, with a line that the test pushes to. `behind` is what the line reads first, as after a break. */
async function open(feed: () => FeedEntry[], behind: () => FeedEntry[] = () => []) {
  serve((call) => {
    if (isWhoAmI(call)) return { body: session };
    const query = new URL(call.path, 'http://here').searchParams;
    const items = query.has('after') ? behind().filter((one) => one.position > Number(query.get('after'))) : feed();
    return { body: { items, next: null, position: 3 } };
  });
  const { live, client } = await show(<Plan />);
  const handlers = new Map<string, (payload: unknown) => void>();
  const connect = (): LiveConnection => ({
    start: async () => undefined,
    stop: async () => undefined,
    invoke: async () => undefined,
    on: (event, handler) => void handlers.set(event, handler),
    onClosed: () => undefined,
  });
  const begin = async () => {
    act(() => live.start(2, () => undefined, connect));
    await waitFor(() => expect(live.state.get().kind).toBe('live'));
  };
  return { live, client, begin, push: (one: FeedEntry) => act(async () => handlers.get('Changed')?.(one)) };
}

it('drops erased texts from the entries on the screen, whichever topics the feed has', async () => {
  let held = told('A name');
  const { live, begin, push } = await open(() => held);
  await begin();
  expect(await screen.findAllByText('A name')).toHaveLength(2);
  held = told('[erased]');
  await push(erasure);
  await waitFor(() => expect(screen.queryByText('A name')).toBeNull());
  expect(await screen.findAllByText('(erased text)')).toHaveLength(2);
  live.stop();
});

it('drops them also when the new read fails', async () => {
  let held: FeedEntry[] | null = told('A name');
  const { live, begin, push } = await open(() => {
    if (!held) throw new TypeError('Failed to fetch');
    return held;
  });
  await begin();
  expect(await screen.findAllByText('A name')).toHaveLength(2);
  held = null;
  await push(erasure);
  await waitFor(() => expect(screen.queryByText('A name')).toBeNull());
  live.stop();
});

it('drops them when the erasure is read after a break', async () => {
  let held = told('A name');
  const { live, begin } = await open(
    () => held,
    () => [erasure],
  );
  expect(await screen.findAllByText('A name')).toHaveLength(2);
  held = told('[erased]');
  await begin();
  expect(await screen.findAllByText('(erased text)')).toHaveLength(2);
  expect(screen.queryByText('A name')).toBeNull();
  live.stop();
});

it('shows the word for an erased text in the new language after a change', async () => {
  const { live, begin } = await open(() => told('[erased]'));
  await begin();
  expect(await screen.findAllByText('(erased text)')).toHaveLength(2);
  await act(() => changeLanguage('ar'));
  expect(await screen.findAllByText('(نص محذوف)')).toHaveLength(2);
  expect(screen.queryByText('(erased text)')).toBeNull();
  live.stop();
});
