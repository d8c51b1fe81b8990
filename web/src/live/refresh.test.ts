import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Key } from './affected';
import { perFrame, Refresher } from './refresh';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('reads at once, and in a burst one read of a key at a time', async () => {
  let running = 0;
  let most = 0;
  const reads: Key[] = [];
  const refresher = new Refresher(
    async (key) => {
      reads.push(key);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 200));
      running -= 1;
    },
    () => 100,
  );
  refresher.refresh([['plan', 'p']]);
  expect(reads).toHaveLength(1);
  for (let change = 0; change < 50; change += 1) {
    refresher.refresh([['plan', 'p']]);
    await vi.advanceTimersByTimeAsync(20);
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(most).toBe(1);
  expect(reads.length).toBeLessThanOrEqual(7);
  expect(reads.length).toBeGreaterThanOrEqual(2);
});

it.each([
  [10_000, ['every', 'plan']],
  [5000, ['search']],
  [2000, ['plan', 'p', 'measures', 'training']],
  [1000, ['plans']],
  [1000, ['milestones', 'standing']],
] as const)('leaves at least %i ms between two reads of %j, however much happens', async (least, key) => {
  let reads = 0;
  const refresher = new Refresher(async () => {
    reads += 1;
  });
  for (let passed = 0; passed < 60_000; passed += 100) {
    refresher.refresh([key]);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(reads).toBeLessThanOrEqual(60_000 / least + 1);
  expect(reads).toBeGreaterThan(30_000 / least);
});

it('reads once more after the last change of a burst', async () => {
  const ended: number[] = [];
  const refresher = new Refresher(
    async () => {
      const from = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 100));
      ended.push(from);
    },
    () => 0,
  );
  refresher.refresh([['plans']]);
  await vi.advanceTimersByTimeAsync(50);
  const last = Date.now();
  refresher.refresh([['plans']]);
  await vi.advanceTimersByTimeAsync(500);
  expect(ended.at(-1)).toBeGreaterThanOrEqual(last);
});

it('goes on after a read that failed', async () => {
  let count = 0;
  const refresher = new Refresher(
    async () => {
      count += 1;
      throw new Error('away');
    },
    () => 0,
  );
  refresher.refresh([['plans']]);
  await vi.advanceTimersByTimeAsync(10);
  refresher.refresh([['plans']]);
  await vi.advanceTimersByTimeAsync(10);
  expect(count).toBe(2);
});

it('gathers a burst into one batch, also when frames rest', async () => {
  const batches: number[][] = [];
  vi.stubGlobal('requestAnimationFrame', () => 0);
  const add = perFrame<number>((batch) => batches.push(batch));
  add([1]);
  add([2, 3]);
  await vi.advanceTimersByTimeAsync(50);
  add([4]);
  await vi.advanceTimersByTimeAsync(50);
  vi.unstubAllGlobals();
  expect(batches).toEqual([[1, 2, 3], [4]]);
});
