import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { serve, show } from '../../../tests/show';
import { emptyPlan, planBody, planLacks } from './model';
import { NewPlanButton } from './NewPlanButton';

// What the button fetches when it is pressed; a busy machine takes its time over it.
beforeAll(() => import('./NewPlan'), 30_000);
vi.setConfig({ testTimeout: 30_000 });
afterEach(() => vi.unstubAllGlobals());

describe('a plan to be drafted', () => {
  it('says only what is stated', () => {
    expect(planBody({ ...emptyPlan, title: ' Plan ' })).toEqual({ title: 'Plan', mark: 'community' });
    expect(planBody({ title: 'P', iteration: '2', from: '2027-01-01', to: '', mark: 'parties' })).toEqual({
      title: 'P',
      iteration: { number: 2 },
      period: { from: '2027-01-01' },
      mark: 'parties',
    });
  });

  it('needs a title and a period that runs forward', () => {
    expect(planLacks(emptyPlan)).toEqual(['title']);
    expect(planLacks({ ...emptyPlan, title: 'P', from: '2027-02-01', to: '2027-01-31' })).toEqual(['period/to']);
    expect(planLacks({ ...emptyPlan, title: 'P', from: '2027-02-01', to: '2027-02-01' })).toEqual([]);
  });
});

it('opens the plan that it made', async () => {
  const calls = serve(() => ({ status: 201, body: { id: 'plan-9', version: 1, position: 11 } }));
  const { router } = await show(<NewPlanButton />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('new-plan'));
  await user.type(await screen.findByTestId('new-plan-title'), 'Second plan');
  await user.type(screen.getByTestId('new-plan-iteration'), '2');
  await user.click(screen.getByTestId('new-plan-send'));
  await waitFor(() => expect(router.state.location.pathname).toBe('/plans/plan-9'));
  expect(calls[0]).toMatchObject({
    method: 'POST',
    path: '/plans',
    body: { title: 'Second plan', iteration: { number: 2 }, mark: 'community' },
  });
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('says what lacks and goes there, and sends nothing', async () => {
  const calls = serve(() => ({ body: {} }));
  await show(<NewPlanButton />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('new-plan'));
  await user.click(await screen.findByTestId('new-plan-send'));
  expect(screen.getByTestId('new-plan-title')).toHaveFocus();
  expect(screen.getByTestId('new-plan-title')).toHaveAccessibleDescription('Give the plan a title.');
  expect(calls).toEqual([]);
});

it('asks again under the same key when the answer is lost, also after a refusal', async () => {
  const answers = [
    'away' as const,
    { status: 409, body: { status: 409, code: 'plan.already-exists', detail: 'A plan with this id exists already.' } },
    { status: 201, body: { id: 'p2', version: 1, position: 11 } },
  ];
  const calls = serve(() => answers.shift() ?? 'away');
  await show(<NewPlanButton />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('new-plan'));
  await user.type(await screen.findByTestId('new-plan-title'), 'P');
  await user.click(screen.getByTestId('new-plan-send'));
  expect(await screen.findByText('The platform cannot be reached')).toBeVisible();
  await user.click(screen.getByTestId('new-plan-send'));
  expect(await screen.findByText(/^A plan with this id exists already/)).toBeVisible();
  await user.click(screen.getByTestId('new-plan-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const keys = calls.map((call) => call.headers['idempotency-key']);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).toBe(keys[0]);
});
