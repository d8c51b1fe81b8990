import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { milestone, plan } from '../../tests/make';
import { serve, show } from '../../tests/show';
import type { ReportView } from '../api/types';
import { MilestoneRow } from '../parts/milestone/MilestoneRow';
import { MilestonePanel } from './MilestonePanel';

afterEach(() => vi.unstubAllGlobals());

const erased = '(erased text)';

const report = (id: string, returnedBecause: string): ReportView => ({
  id,
  milestone: 'm1',
  body: 'ruritania',
  actor: 'a-1',
  at: '2026-11-20T10:00:00Z',
  status: 'done',
  progress: 100,
  evidence: [],
  state: 'returned',
  returnedBecause,
  verbs: [],
  version: 4,
});
const waiting = (version: number): ReportView => ({ ...report('r1', ''), state: 'submitted', verbs: ['approve', 'return'], version });

it('mutes what was erased, and only that', async () => {
  const one = milestone({ title: erased, reports: [report('r1', erased), report('r2', 'No evidence')] });
  await show(<MilestonePanel plan={plan([one])} milestone={one} reportAtOnce={false} onClose={() => undefined} />);
  expect(await screen.findByRole('heading', { name: erased })).toHaveClass('erased');
  expect(screen.getByText(/: .*erased text/)).toHaveClass('returned', 'erased');
  expect(screen.getByText(/No evidence/)).not.toHaveClass('erased');
});

it('mutes an erased title in a list', async () => {
  await show(
    <ul>
      <MilestoneRow milestone={milestone({ title: erased })} />
      <MilestoneRow milestone={milestone({ id: 'm2' })} />
    </ul>,
  );
  expect(await screen.findByRole('link', { name: erased })).toHaveClass('row-title', 'erased');
  expect(screen.getByRole('link', { name: 'Train 40 judges' })).not.toHaveClass('erased');
});

it.each([
  { what: 'the report', version: 9, sent: '"v9"' },
  { what: 'the plan', version: 3, sent: '"v5"' },
])('approves with the version of $what when that is the later one', async ({ version, sent }) => {
  const one = milestone({ reports: [waiting(version)] });
  const calls = serve(() => ({ body: { id: 'r1', version: 11, position: 11 } }));
  await show(<MilestonePanel plan={plan([one])} milestone={one} reportAtOnce={false} onClose={() => undefined} />);
  await userEvent.setup().click(await screen.findByTestId('report-approve'));
  await waitFor(() => expect(calls.filter((call) => call.method === 'POST')).toHaveLength(1));
  expect(calls.find((call) => call.method === 'POST')).toMatchObject({
    path: '/plans/p/reports/r1/approve',
    headers: { 'if-match': sent },
  });
});

it('does not approve a report that was handed in anew since it was shown', async () => {
  const one = milestone({ reports: [waiting(9)] });
  const calls = serve((call) =>
    call.method === 'GET'
      ? { body: plan([milestone({ reports: [waiting(12)] })]) }
      : { status: 412, body: { status: 412, code: 'version.stale', version: 12 } },
  );
  await show(<MilestonePanel plan={plan([one])} milestone={one} reportAtOnce={false} onClose={() => undefined} />);
  await userEvent.setup().click(await screen.findByTestId('report-approve'));
  await waitFor(() => expect(calls.some((call) => call.method === 'GET' && call.path.startsWith('/plans/p'))).toBe(true));
  await waitFor(() => expect(screen.getByTestId('report-approve')).toBeEnabled());
  expect(calls.filter((call) => call.method === 'POST')).toHaveLength(1);
});
