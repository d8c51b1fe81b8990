import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { entry, milestone, now, planView } from '../../tests/make';
import { queries } from '../api/queries';
import type { MilestoneView } from '../api/types';
import { keepNewerRead, patchRead, type Read, readAgain } from './pages';
import { patchMilestonePage } from './patch';

const done = entry(9, { version: 9, milestone: now({ id: 'm2', status: 'done', progress: 100, version: 9 }) });
const pages = (...lists: MilestoneView[][]): Read<MilestoneView> => ({
  pages: lists.map((items) => ({ items, next: null })),
  pageParams: lists.map(() => undefined),
});
const patch = (read: Read<MilestoneView>) => patchRead(read, (page) => patchMilestonePage(page, done));

it('puts a change on whichever page the thing stands, and leaves all else as it is', () => {
  const read = pages([milestone()], [milestone({ id: 'm2' })]);
  const patched = patch(read) as Extract<Read<MilestoneView>, { pages: unknown }>;
  expect(patched.pages[1]?.items[0]).toMatchObject({ id: 'm2', status: 'done' });
  expect(patched.pages[0]).toBe((read as typeof patched).pages[0]);
  const without = pages([milestone()]);
  expect(patch(without)).toBe(without);
  expect(patch({ items: [milestone({ id: 'm2' })], next: null })).toMatchObject({ items: [{ status: 'done' }] });
});

it('keeps what is newer when an older read arrives, also where it has moved to another page', () => {
  const patched = patch(pages([milestone()], [milestone({ id: 'm2' })]));
  const late = pages([milestone({ id: 'm2' })], [milestone()]);
  expect(keepNewerRead(patched, late)).toMatchObject({ pages: [{ items: [{ id: 'm2', status: 'done' }] }, { items: [{ id: 'm1' }] }] });
});

describe('a list that was scrolled far down', () => {
  /** Plans by their titles, as the platform pages them: a cursor is the last id before. */
  async function open(count: number, pages: number) {
    const ids = Array.from({ length: count }, (_, at) => `p${String(at).padStart(4, '0')}`);
    const calls: number[] = [];
    vi.stubGlobal('fetch', async (url: string) => {
      const query = new URL(url, 'http://platform').searchParams;
      const limit = Number(query.get('limit'));
      calls.push(limit);
      const left = ids.filter((id) => id > (query.get('after') ?? ''));
      const items = left.slice(0, limit).map((id) => planView({ id }));
      const next = left.length > limit ? (items.at(-1)?.id ?? null) : null;
      return new Response(JSON.stringify({ items, next, total: ids.length }), { headers: { 'content-type': 'application/json' } });
    });
    const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
    const list = new InfiniteQueryObserver(client, queries.plans());
    onTestFinished(list.subscribe(() => {}));
    await expect.poll(() => list.getCurrentResult().data).toBeDefined();
    for (let page = 1; page < pages; page += 1) await list.fetchNextPage();
    const shown = () => list.getCurrentResult().data?.pages.flatMap((page) => page.items.map((one) => one.id)) ?? [];
    return { client, list, ids, calls, shown };
  }
  afterEach(() => vi.unstubAllGlobals());

  it('is read again in few calls, as far as it was read, with what has come and gone', async () => {
    const { client, list, ids, calls, shown } = await open(900, 14);
    expect(shown()).toHaveLength(700);
    calls.length = 0;
    ids.splice(300, 1);
    ids.splice(10, 0, 'p0009a');
    await readAgain(client, ['plans']);
    expect(calls).toEqual([500, 200]);
    expect(shown()).toEqual(ids.slice(0, 700));
    await list.fetchNextPage();
    expect(shown()).toEqual(ids.slice(0, 750));
    await readAgain(client, ['plans']);
    expect(calls).toEqual([500, 200, 50, 500, 250]);
    expect(shown()).toEqual(ids.slice(0, 750));
  });

  it('leaves the platform alone for longer the more calls it took', async () => {
    const short = await open(60, 2);
    const began = Date.now();
    await readAgain(short.client, ['plans']);
    expect(Date.now() - began).toBeLessThan(500);
    const long = await open(1200, 22);
    const then = Date.now();
    await readAgain(long.client, ['plans']);
    expect(Date.now() - then).toBeGreaterThanOrEqual(1990);
  });
});
