import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { type Call, serve, show } from '../../tests/show';
import { Trouble } from '../ui/pieces';
import { useCommand } from './command';
import { commands } from './commands';

afterEach(() => vi.unstubAllGlobals());

const receipt = { body: { id: 'group-1', version: 6, position: 11 } };
const refusal = (status: number) => ({ status, body: { status, code: 'account.too-many-writes' } });
const keysOf = (calls: Call[]) => calls.map((call) => call.headers['idempotency-key']);

/** The smallest view that sends a command: one text, and the button that shares it. */
function Share() {
  const [text, setText] = useState('one');
  const { busy, error, run, retry } = useCommand();
  return (
    <>
      <Trouble error={error} retry={retry} />
      <input aria-label="Text" value={text} onChange={(event) => setText(event.target.value)} />
      <button type="button" disabled={busy} onClick={() => run((by) => commands.shareUpdate('g', { text }, by))}>
        Share
      </button>
    </>
  );
}

async function shareWith(answers: Parameters<typeof serve>[0]) {
  const calls = serve(answers);
  await show(<Share />);
  const user = userEvent.setup();
  const share = async (text?: string) => {
    if (text !== undefined) {
      await user.clear(screen.getByLabelText('Text'));
      await user.type(screen.getByLabelText('Text'), text);
    }
    const before = calls.length;
    await user.click(screen.getByText('Share'));
    await waitFor(() => expect(calls).toHaveLength(before + 1));
    await waitFor(() => expect(screen.getByText('Share')).toBeEnabled());
  };
  return { calls, user, share };
}

const inTurn = (...answers: ReturnType<Parameters<typeof serve>[0]>[]) => {
  let at = 0;
  return () => answers[Math.min(at++, answers.length - 1)] ?? 'away';
};

it('says the same again under the same key when the answer was lost', async () => {
  const { calls, share } = await shareWith(inTurn('away', receipt));
  await share();
  await share();
  const [first, second] = keysOf(calls);
  expect(first).toMatch(/^"[0-9a-f-]{36}"$/);
  expect(second).toBe(first);
});

it('has another key for other words, and the first one still for the first words', async () => {
  const { calls, share } = await shareWith(() => 'away');
  await share('one');
  await share('two');
  await share('one');
  const [one, two, again] = keysOf(calls);
  expect(two).not.toBe(one);
  expect(again).toBe(one);
});

it('has another key once it is done: who says the same again means it', async () => {
  const { calls, share } = await shareWith(() => receipt);
  await share();
  await share();
  expect(new Set(keysOf(calls)).size).toBe(2);
});

it('leaves open what was lost when another one is done', async () => {
  const { calls, share } = await shareWith(inTurn('away', receipt, receipt));
  await share('one');
  await share('two');
  await share('one');
  const [one, , again] = keysOf(calls);
  expect(again).toBe(one);
});

it('keeps the key over a refusal, which says nothing of what was done when the answer before it was lost', async () => {
  const { calls, share } = await shareWith(inTurn('away', refusal(429), receipt, receipt));
  for (let tries = 0; tries < 4; tries += 1) await share();
  const [first, second, third, fourth] = keysOf(calls);
  expect([second, third]).toEqual([first, first]);
  expect(fourth).not.toBe(first);
});

it('offers to try again under the same key when nobody knows whether it was done, and not after a refusal', async () => {
  const { calls, share, user } = await shareWith(inTurn('away', { status: 503 }, receipt, refusal(429)));
  await share();
  await user.click(screen.getByText('Try again'));
  await waitFor(() => expect(calls).toHaveLength(2));
  await user.click(await screen.findByText('Try again'));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  expect(new Set(keysOf(calls)).size).toBe(1);
  await share();
  expect(screen.getByRole('alert')).toBeVisible();
  expect(screen.queryByText('Try again')).toBeNull();
});

it('sends once when it is pressed twice before the button is drawn anew', async () => {
  const calls = serve(() => receipt);
  await show(<Share />);
  const button = screen.getByText('Share');
  button.click();
  button.click();
  await waitFor(() => expect(calls.length).toBeGreaterThan(0));
  await waitFor(() => expect(button).toBeEnabled());
  expect(calls).toHaveLength(1);
});
