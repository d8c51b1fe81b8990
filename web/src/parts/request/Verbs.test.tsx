import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { request } from '../../../tests/make';
import { type Call, serve, show } from '../../../tests/show';
import { Verbs } from './Verbs';

afterEach(() => vi.unstubAllGlobals());

const writes = (calls: Call[]) => calls.filter((call) => call.method === 'POST');
const keysOf = (calls: Call[]) => writes(calls).map((call) => call.headers['idempotency-key']);
const receipt = { body: { id: 'r1', version: 2, position: 11 } };
const asked = request({ verbs: ['accept', 'ask', 'decline'] });

function serveWrites(...answers: ReturnType<Parameters<typeof serve>[0]>[]): Call[] {
  const calls: Call[] = serve((call) => (call.method === 'POST' ? (answers[writes(calls).length - 1] ?? 'away') : { body: asked }));
  return calls;
}

it('accepts once, however often the button is pressed for want of an answer', async () => {
  const calls = serveWrites('away', 'away', receipt);
  await show(<Verbs request={asked} />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('verb-accept'));
  expect(await screen.findByText('The platform cannot be reached')).toBeVisible();
  await user.click(screen.getByTestId('verb-accept'));
  await user.click(await screen.findByText('Try again'));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  expect(writes(calls).map((call) => call.path)).toEqual(Array(3).fill('/requests/r1/accept'));
  expect(new Set(keysOf(calls)).size).toBe(1);
});

it('asks the same under the same key, something else under another, and what is asked anew after an answer too', async () => {
  const calls = serveWrites('away', receipt, receipt);
  await show(<Verbs request={asked} />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('verb-ask'));
  await user.type(screen.getByTestId('verb-text'), 'Which court?');
  await user.click(screen.getByTestId('verb-send'));
  expect(await screen.findByText('The platform cannot be reached')).toBeVisible();
  await user.click(screen.getByTestId('verb-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await user.click(screen.getByTestId('verb-ask'));
  await user.type(screen.getByTestId('verb-text'), 'Which court?');
  await user.click(screen.getByTestId('verb-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const [first, second, third] = keysOf(calls);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

it('takes another verb for another command', async () => {
  const calls = serveWrites('away', 'away');
  await show(<Verbs request={asked} />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('verb-accept'));
  expect(await screen.findByText('The platform cannot be reached')).toBeVisible();
  await user.click(screen.getByTestId('verb-ask'));
  await user.type(screen.getByTestId('verb-text'), 'Which court?');
  await user.click(screen.getByTestId('verb-send'));
  await waitFor(() => expect(writes(calls)).toHaveLength(2));
  expect(new Set(keysOf(calls)).size).toBe(2);
});
