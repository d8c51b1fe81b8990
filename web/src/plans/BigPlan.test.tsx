import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { entry, measure, milestone, now, plan, report } from '../../tests/make';
import { isWhoAmI, session, showAt } from '../../tests/show';
import { forgetSeen } from '../api/client';
import type { FeedEntry, MilestoneView, Pillar } from '../api/types';
import { pillars } from '../api/types';
import { countMilestones } from '../live/patch';
import { PlanPage } from './PlanPage';

/* A plan as large as they come, before a viewer whose screen holds a few of its measures. */

const measureCount = 300;
const milestoneCount = 2000;
const burst = 200;
/** Measures that are near to what is on the screen. */
const onScreen = 5;

const pillarOf = (number: number): Pillar => pillars[Math.floor((number * pillars.length) / measureCount)] ?? 'cooperation';
const milestones = Array.from({ length: milestoneCount }, (_, at) =>
  milestone({
    id: `m${at}`,
    measure: `s${at % measureCount}`,
    measureTitle: `Measure ${at % measureCount}`,
    pillar: pillarOf(at % measureCount),
    title: `Milestone ${at} of the plan`,
    version: 10 + at,
  }),
);
const of = (id: string) => milestones.filter((one) => one.measure === id);
const measures = Array.from({ length: measureCount }, (_, at) =>
  measure(of(`s${at}`), { id: `s${at}`, pillar: pillarOf(at), title: `Measure ${at}` }),
);
const head = () =>
  plan(milestones, {
    measures: measureCount,
    pillars: pillars.map((pillar) => ({
      pillar,
      measures: measures.filter((one) => one.pillar === pillar).length,
      milestones: countMilestones(milestones.filter((one) => one.pillar === pillar)),
      reportsToApprove: 0,
    })),
  });

/** Bytes and calls by what was read. */
const reads = new Map<string, { calls: number; bytes: number }>();
const read = (what: string) => reads.get(what) ?? { calls: 0, bytes: 0 };
const all = () => [...reads.values()].reduce((sum, one) => sum + one.bytes, 0);

function answer(path: string, query: URLSearchParams): [string, unknown] {
  const limit = Number(query.get('limit') ?? 100);
  const cut = <T,>(items: T[]) => {
    const from = Number(query.get('after') ?? 0);
    return { items: items.slice(from, from + limit), next: from + limit < items.length ? String(from + limit) : null };
  };
  if (path === '/plans/p') return ['head', head()];
  if (path === '/plans/p/measures') return ['measures', cut(measures.filter((one) => one.pillar === query.get('pillar')))];
  if (path === '/milestones') return ['milestones', cut(milestones.filter((one) => query.getAll('measure').includes(one.measure)))];
  if (path.endsWith('/reports')) return ['reports', { items: [report({ state: 'approved' })], next: null }];
  if (path.startsWith('/plans/p/milestones/')) return ['milestone', milestones.find((one) => path.endsWith(`/${one.id}`))];
  if (path === '/feed') return ['feed', { items: [], position: 5000 }];
  return ['other', { items: [], next: null }];
}

let change: (entry: FeedEntry) => void;

async function open(search = '') {
  const shown = await showAt('/plans/$id', <PlanPage />, session, `/plans/p${search}`);
  const handlers = new Map<string, (payload: unknown) => void>();
  shown.live.start(
    5000,
    () => {},
    () => ({
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
      invoke: async () => undefined,
      on: (event, handler) => void handlers.set(event, handler),
      onClosed: () => {},
    }),
  );
  await expect.poll(() => shown.live.state.get().kind).toBe('live');
  change = (told) => handlers.get('Changed')?.(told);
  await screen.findAllByTestId('milestone-row');
  return shown;
}

/** A report that took effect, as it is told. */
function reported(position: number, one: MilestoneView): FeedEntry {
  const progress = position % 100;
  return entry(position, {
    version: position,
    data: { plan: 'p', measure: one.measure, milestone: one.id, pillar: one.pillar, status: 'in-progress', progress: String(progress) },
    milestone: now({ id: one.id, measure: one.measure, progress, version: position, inMeasure: countMilestones(of(one.measure)) }),
  });
}

beforeEach(() => {
  reads.clear();
  forgetSeen();
  vi.stubGlobal('fetch', async (url: string) => {
    const { pathname, searchParams } = new URL(url, 'http://platform');
    const path = pathname.replace('/api/v1', '');
    const [what, body] = isWhoAmI({ method: 'GET', path, headers: {}, body: undefined })
      ? ['session', session]
      : answer(path, searchParams);
    const text = JSON.stringify(body);
    const before = read(what);
    reads.set(what, { calls: before.calls + 1, bytes: before.bytes + text.length });
    return new Response(text, { headers: { 'content-type': 'application/json' } });
  });
  let rooms = 0;
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(private readonly tell: (seen: { isIntersecting: boolean }[]) => void) {}
      observe(element: HTMLElement) {
        const isRoom = element.dataset.room !== undefined;
        if (isRoom) rooms += 1;
        if (isRoom ? rooms <= onScreen : element.matches('#legislation, [aria-labelledby=legislation]'))
          this.tell([{ isIntersecting: true }]);
      }
      disconnect() {}
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

it('is opened by its head and what is on the screen', async () => {
  const { live } = await open();
  const rows = screen.getAllByTestId('milestone-row').length;
  console.log(`Opening a plan of ${measureCount} measures and ${milestoneCount} milestones: ${all()} bytes in`, Object.fromEntries(reads));
  expect(rows).toBe(measures.slice(0, onScreen).reduce((sum, one) => sum + one.milestones.total, 0));
  expect(read('head').calls).toBe(1);
  expect(read('measures').calls).toBe(1);
  expect(read('milestones').calls).toBe(1);
  expect(read('reports').calls).toBe(0);
  expect(all()).toBeLessThan(JSON.stringify(milestones).length / 10);
  live.stop();
});

it('is not read again by a viewer while 200 reports come in: what is told of them is put on the screen', async () => {
  const { live } = await open();
  const before = all();
  const [opened, measured, listed] = [read('head').calls, read('measures').calls, read('milestones').calls];
  const first = measures[0];
  const shown = of('s0')[0];
  if (!first || !shown) throw new Error('The plan is empty');
  let position = 5000;
  const began = Date.now();
  let pushed = 0;
  for (let number = 0; number < burst; number += 1) {
    // Every fourth is about something on the screen.
    const one = number % 4 === 0 ? shown : milestones[(number * 37) % milestoneCount];
    if (!one) continue;
    position += 1;
    const told = reported(position, one);
    pushed += JSON.stringify(told).length;
    act(() => change(told));
    if (number % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 60));
  }
  const last = await screen.findByText(`${(5000 + burst - 3) % 100}%`, { selector: '[data-milestone=m0] *' });
  expect(last).toBeVisible();
  await new Promise((resolve) => setTimeout(resolve, 1200));
  const seconds = (Date.now() - began) / 1000;
  console.log(`${burst} reports in a burst: ${pushed} bytes pushed, ${all() - before} bytes read again`, Object.fromEntries(reads));
  expect(read('measures').calls).toBe(measured);
  expect(read('milestones').calls).toBe(listed);
  expect(read('milestone').calls + read('reports').calls).toBe(0);
  // The counts, at most once a second and once at the end.
  expect(read('head').calls - opened).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
  live.stop();
});

it('reads again what is open: the reports of the milestone whose panel stands there, and of no other', async () => {
  const { live } = await open('?m=m0');
  await screen.findByTestId('milestone-panel');
  await waitFor(() => expect(read('reports').calls).toBe(1));
  const other = milestones[1];
  const shown = milestones[0];
  if (!other || !shown) throw new Error('The plan is empty');
  act(() => change(reported(5001, other)));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(read('reports').calls).toBe(1);
  act(() => change(reported(5002, shown)));
  await waitFor(() => expect(read('reports').calls).toBe(2));
  expect(read('milestones').calls).toBe(1);
  live.stop();
});
