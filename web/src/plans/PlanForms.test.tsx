import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { measure, milestone, plan } from '../../tests/make';
import { type Call, serve, session, show } from '../../tests/show';
import { AddMeasure, ChangeStatus } from './PlanForms';

afterEach(() => vi.unstubAllGlobals());

const writes = (calls: Call[]) => calls.filter((call) => call.method === 'POST');

/** The form, at a platform that answers its writes in turn, and a click on its button. */
async function addMeasure(...answers: ReturnType<Parameters<typeof serve>[0]>[]) {
  const onClose = vi.fn();
  const calls = serve((call) => {
    if (call.method === 'POST') return answers[writes(calls).length - 1] ?? 'away';
    return { body: call.path.startsWith('/bodies') ? { items: [session.body] } : plan([milestone()]) };
  });
  await show(<AddMeasure plan={plan([milestone()])} onClose={onClose} />);
  const user = userEvent.setup();
  const save = async () => {
    const before = writes(calls).length;
    await user.click(screen.getByTestId('plan-form-save'));
    await waitFor(() => expect(writes(calls)).toHaveLength(before + 1));
    await waitFor(() => expect(screen.getByTestId('plan-form-save')).toBeEnabled());
  };
  await user.type(screen.getByLabelText('What will be done'), 'Train the labour inspectors');
  return { calls, user, save, onClose };
}

const receipt = { body: { id: 'p', version: 6, position: 11 } };

it('adds a measure once, however often its answer is lost', async () => {
  const { calls, save, user, onClose } = await addMeasure('away', { status: 503 }, receipt);
  await save();
  expect(screen.getByText('The platform cannot be reached')).toBeVisible();
  await save();
  expect(onClose).not.toHaveBeenCalled();
  await user.click(screen.getByText('Try again'));
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(writes(calls)).toHaveLength(3);
  expect(new Set(writes(calls).map((call) => call.headers['idempotency-key'])).size).toBe(1);
});

it('takes another measure for another command', async () => {
  const { calls, save, user } = await addMeasure('away', 'away');
  await save();
  await user.type(screen.getByLabelText('What will be done'), ' in agriculture');
  await save();
  const [first, second] = writes(calls);
  expect(second?.body).toMatchObject({ title: 'Train the labour inspectors in agriculture' });
  expect(second?.headers['idempotency-key']).not.toBe(first?.headers['idempotency-key']);
});

it('names a measure that has changed meanwhile by its title', async () => {
  const problem = {
    type: '/problems/plan.parts-changed',
    code: 'plan.parts-changed',
    title: 'Changed',
    detail: 'Look at them.',
    traceId: 't',
  };
  serve((call) => {
    if (call.method === 'POST') return { status: 412, body: { ...problem, changed: [{ part: 'measure', id: 'a', version: 9 }] } };
    return { body: call.path.includes('/measures') ? { items: [measure()], next: null } : plan([milestone()]) };
  });
  await show(<ChangeStatus plan={plan([milestone()])} onClose={() => {}} />);
  const user = userEvent.setup();
  await user.click((await screen.findAllByRole('radio'))[0] as HTMLElement);
  await user.click(screen.getByTestId('plan-form-save'));
  expect(await screen.findByText('Measure “Training”')).toBeVisible();
});
