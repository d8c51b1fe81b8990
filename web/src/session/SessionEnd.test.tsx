import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isWhoAmI, serve, session, show } from '../../tests/show';
import type { Session } from '../api/types';
import { leftOf } from './model';
import { SessionEnd } from './SessionEnd';

vi.setConfig({ testTimeout: 30_000 });
beforeEach(() => vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The session as the platform tells it: unused for some minutes, of so many that it may be, and so many before its end for good. */
function told(unused: number, idle = 30, forGood = 1_000): Session {
  const now = Date.now();
  return {
    ...session,
    now: new Date(now).toISOString(),
    ends: new Date(now + Math.min(idle - unused, forGood) * 60_000).toISOString(),
    endsForGood: new Date(now + forGood * 60_000).toISOString(),
  };
}

it('reckons by the clock of the platform, however wrong the one of the device is', () => {
  const yesterday = Date.parse('2026-11-22T10:00:30Z');
  const said = { now: '2026-11-23T10:00:00Z', ends: '2026-11-23T10:05:00Z', endsForGood: '2026-11-30T10:00:00Z' };
  expect(leftOf(said, yesterday, yesterday + 60_000)).toEqual({ ms: 240_000, forGood: false });
  expect(leftOf({ ...said, endsForGood: said.ends }, yesterday, yesterday + 240_000)).toEqual({ ms: 60_000, forGood: true });
});

it('says so two minutes before, by itself, and lets the person stay', async () => {
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  let unused = 28.5;
  const calls = serve((call) => (isWhoAmI(call) ? { body: told(unused) } : {}));
  await show(<SessionEnd onConfirm={() => undefined} />, told(0));
  await act(() => vi.advanceTimersByTimeAsync(27 * 60_000));
  expect(calls.filter(isWhoAmI)).toHaveLength(0);
  expect(screen.queryByTestId('session-stay')).toBeNull();
  await act(() => vi.advanceTimersByTimeAsync(2 * 60_000));
  expect((await screen.findByRole('alert')).textContent).toMatch(/signed out in [12] minute/);
  // Nobody has touched anything: what the window asks by itself keeps nothing open.
  expect(calls.filter(isWhoAmI).every((call) => call.headers.unattended === '?1')).toBe(true);

  unused = 0;
  await user.click(screen.getByTestId('session-stay'));
  await waitFor(() => expect(screen.queryByTestId('session-stay')).toBeNull());
});

it('asks for the password where the session ends in any case', async () => {
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  serve((call) => (isWhoAmI(call) ? { body: told(0, 30, 1.5) } : {}));
  const confirm = vi.fn();
  await show(<SessionEnd onConfirm={confirm} />, told(0, 30, 1.5));
  await user.click(await screen.findByTestId('session-stay'));
  expect(confirm).toHaveBeenCalledOnce();
});
