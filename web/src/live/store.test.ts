import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, test } from 'vitest';
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
