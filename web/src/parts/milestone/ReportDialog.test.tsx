import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { milestone, report } from '../../../tests/make';
import { serve, show } from '../../../tests/show';
import { MilestoneRow } from './MilestoneRow';

afterEach(() => vi.unstubAllGlobals());

const stale = { status: 412, body: { status: 412, code: 'version.stale', version: 8 } };
const receipt = { body: { id: 'report-1', version: 6, position: 11 } };
const row = () => show(<MilestoneRow milestone={milestone()} />);

it('reports a milestone done in three clicks, with the version it saw and a key of its own', async () => {
  const calls = serve(() => receipt);
  await row();
  const user = userEvent.setup();
  await user.click(screen.getByTestId('milestone-update'));
  await user.click(screen.getByTestId('report-status-done'));
  await user.click(screen.getByTestId('report-save'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(calls[0]).toMatchObject({ method: 'POST', path: '/plans/p/milestones/m1/reports', body: { status: 'done' } });
  expect(calls[0]?.headers['if-match']).toBe('"v5"');
  expect(calls[0]?.headers['idempotency-key']).toMatch(/^"[0-9a-f-]{36}"$/);
});

it('does the same by keys alone', async () => {
  const calls = serve(() => receipt);
  await row();
  const user = userEvent.setup();
  screen.getByTestId('milestone-update').focus();
  await user.keyboard('{Enter}');
  await screen.findByRole('dialog');
  await user.keyboard('d');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(calls[0]?.body).toEqual({ status: 'done' });
});

it('keeps a draft when asked to', async () => {
  const calls = serve(() => receipt);
  await row();
  const user = userEvent.setup();
  await user.click(screen.getByTestId('milestone-update'));
  await user.type(screen.getByTestId('report-note'), 'dd');
  await user.click(screen.getByTestId('report-draft'));
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.body).toEqual({ status: 'in-progress', note: 'dd', draft: true });
});

it('shows both sides when someone else changed the same milestone, and overwrites only when told to', async () => {
  const calls = serve((call) => {
    if (call.path.includes('/reports?')) return { body: { items: [report({ state: 'approved', note: 'Only 28 came' })], next: null } };
    if (call.method === 'GET')
      return { body: call.path.startsWith('/plans/p/milestones/m1') ? milestone({ version: 8, progress: 70 }) : { items: [] } };
    return call.headers['if-match'] === '"v8"' ? receipt : stale;
  });
  await row();
  const user = userEvent.setup();
  await user.click(screen.getByTestId('milestone-update'));
  await user.click(screen.getByTestId('report-status-done'));
  await user.type(screen.getByTestId('report-note'), 'All trained');
  await user.click(screen.getByTestId('report-save'));
  expect(await screen.findByText('Someone else changed this milestone')).toBeVisible();
  expect(screen.getByText('70%')).toBeVisible();
  expect(screen.getByText('Only 28 came')).toBeVisible();
  expect(screen.getByTestId('report-note')).toHaveValue('All trained');
  expect(calls.filter((call) => call.method === 'POST')).toHaveLength(1);
  await user.click(screen.getByText('Send mine on top'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(calls.filter((call) => call.method === 'POST').at(-1)?.headers['if-match']).toBe('"v8"');
});

it('shows a report of another body that waits: the milestone stands as it did, and the second is told', async () => {
  serve((call) => {
    if (call.path.includes('/reports?'))
      return { body: { items: [report({ body: 'valdoria', progress: 55, status: 'in-progress', version: 8 })], next: null } };
    if (call.method === 'GET')
      return { body: call.path.startsWith('/plans/p/milestones/m1') ? milestone({ version: 8, reportsToApprove: 1 }) : { items: [] } };
    return stale;
  });
  await row();
  const user = userEvent.setup();
  await user.click(screen.getByTestId('milestone-update'));
  await user.click(screen.getByTestId('report-save'));
  const conflict = await screen.findByRole('alert');
  expect(conflict).toHaveTextContent('40%');
  expect(conflict).toHaveTextContent('valdoria');
  expect(conflict).toHaveTextContent('55%');
});

it('keeps what was typed when the answer is lost, and asks again under the same key', async () => {
  let tries = 0;
  const calls = serve((call) => {
    if (call.method === 'GET') return { body: { items: [] } };
    tries += 1;
    return tries === 1 ? 'away' : receipt;
  });
  await row();
  const user = userEvent.setup();
  await user.click(screen.getByTestId('milestone-update'));
  await user.type(screen.getByTestId('report-note'), 'All trained');
  await user.click(screen.getByTestId('report-save'));
  expect(await screen.findByRole('alert')).toHaveTextContent('The platform cannot be reached');
  expect(screen.getByTestId('report-note')).toHaveValue('All trained');
  await user.click(screen.getByTestId('report-save'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const keys = calls.filter((call) => call.method === 'POST').map((call) => call.headers['idempotency-key']);
  expect(keys[0]).toBe(keys[1]);
});

it('marks its row so that it can be read without opening anything', async () => {
  await row();
  const element = screen.getByTestId('milestone-row');
  expect(element.dataset).toMatchObject({ milestone: 'm1', status: 'in-progress', progress: '40', shown: 'late' });
  expect(element).toHaveTextContent('Late');
});
