import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
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
    return { body: { items, position: 3 } };
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

function Older() {
  const feed = useFeed(['plan/p']);
  return (
    <>
      <p>{feed.entries.map((one) => one.position).join(' ')}</p>
      <p>{feed.loading ? 'reads' : feed.more ? 'there may be more' : 'that is all'}</p>
      {feed.more && (
        <button type="button" onClick={feed.more}>
          Older
        </button>
      )}
    </>
  );
}

describe('reads older entries', () => {
  /** A feed with pages between which there may be much that this reader does not see: by where each begins, what it holds and where it goes on. */
  // As the server says it: a feed that goes on nowhere says nothing of it.
  function pages(of: Record<string, [positions: number[], next: string | null]>) {
    const asked: string[] = [];
    serve((call) => {
      if (isWhoAmI(call)) return { body: session };
      const before = new URL(call.path, 'http://here').searchParams.get('before') ?? 'end';
      asked.push(before);
      const [positions = [], next = null] = of[before] ?? [];
      return { body: { items: positions.map((position) => entry(position)), ...(next === null ? {} : { next }), position: 900 } };
    });
    return asked;
  }
  it('goes on after a page that is short or empty, until the feed says that it ends', async () => {
    const asked = pages({ end: [[], '800'], 800: [[790, 780], '700'], 700: [[], '600'], 600: [[], '500'], 500: [[410], null] });
    await show(<Older />);
    expect(await screen.findByText('790 780')).toBeInTheDocument();
    expect(asked).toEqual(['end', '800']);
    act(() => screen.getByRole('button', { name: 'Older' }).click());
    expect(await screen.findByText('790 780 410')).toBeInTheDocument();
    expect(screen.getByText('that is all')).toBeInTheDocument();
    expect(asked).toEqual(['end', '800', '700', '600', '500']);
  });

  it('does not read on for ever by itself', async () => {
    const all = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${900 - at}`, [[], `${899 - at}`] as [number[], string]]));
    const asked = pages({ end: [[], '900'], ...all, 880: [[7], null] });
    await show(<Older />);
    expect(await screen.findByText('there may be more')).toBeInTheDocument();
    expect(asked).toHaveLength(8);
    for (let press = 0; press < 2; press += 1) {
      act(() => screen.getByRole('button', { name: 'Older' }).click());
      await waitFor(() => expect(screen.queryByText('reads')).toBeNull());
    }
    expect(screen.getByText('7')).toBeInTheDocument();
    expect(screen.getByText('that is all')).toBeInTheDocument();
  });
});

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
