import { expect, it } from 'vitest';
import { entry, milestone, now } from '../../tests/make';
import type { MilestoneView } from '../api/types';
import { keepNewerRead, patchRead, type Read } from './pages';
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
