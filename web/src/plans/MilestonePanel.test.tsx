import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { milestone, plan, report } from '../../tests/make';
import { serve, show } from '../../tests/show';
import type { MilestoneView, ReportView } from '../api/types';
import { MilestoneRow } from '../parts/milestone/MilestoneRow';
import { MilestonePanel } from './MilestonePanel';

afterEach(() => vi.unstubAllGlobals());

const erased = '(erased text)';

const returned = (id: string, returnedBecause: string): ReportView => report({ id, state: 'returned', returnedBecause });
const waiting = (version: number): ReportView => report({ verbs: ['approve', 'return'], version });

/** The panel of a milestone, at a platform that knows it and its reports and answers writes. */
async function panel(one: MilestoneView, reports: () => ReportView[], write: () => ReturnType<Parameters<typeof serve>[0]> = () => 'away') {
  const calls = serve((call) => {
    if (call.method !== 'GET') return write();
    if (call.path.includes('/reports?')) return { body: { items: reports(), next: null } };
    return { body: call.path.startsWith('/plans/p/milestones/') ? one : { items: [] } };
  });
  await show(<MilestonePanel plan={plan([one])} id={one.id} reportAtOnce={false} onClose={() => undefined} />);
  return calls;
}

it('mutes what was erased, and only that', async () => {
  await panel(milestone({ title: erased }), () => [returned('r1', erased), returned('r2', 'No evidence')]);
  expect(await screen.findByRole('heading', { name: erased })).toHaveClass('erased');
  expect(await screen.findByText(/: .*erased text/)).toHaveClass('returned', 'erased');
  expect(screen.getByText(/No evidence/)).not.toHaveClass('erased');
});

it('says where the milestone stands before its reports are there', async () => {
  let answer: ((body: unknown) => void) | undefined;
  serve((call) => ({ body: call.path.startsWith('/plans/p/milestones/m1?') || call.path.endsWith('/m1') ? milestone() : { items: [] } }));
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
    url.includes('/reports')
      ? new Promise((resolve) => {
          answer = (body) => resolve(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }));
        })
      : fetch(url, init),
  );
  await show(<MilestonePanel plan={plan([milestone()])} id="m1" reportAtOnce={false} onClose={() => undefined} />);
  expect(await screen.findByTestId('milestone-panel')).toHaveAttribute('data-status', 'in-progress');
  expect(screen.queryByText('Nothing has been reported yet.')).toBeNull();
  await waitFor(() => expect(answer).toBeDefined());
  answer?.({ items: [], next: null });
  expect(await screen.findByText('Nothing has been reported yet.')).toBeVisible();
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
  { what: 'the milestone', version: 3, sent: '"v5"' },
])('approves with the version of $what when that is the later one', async ({ version, sent }) => {
  const calls = await panel(
    milestone(),
    () => [waiting(version)],
    () => ({ body: { id: 'r1', version: 11, position: 11 } }),
  );
  await userEvent.setup().click(await screen.findByTestId('report-approve'));
  await waitFor(() => expect(calls.filter((call) => call.method === 'POST')).toHaveLength(1));
  expect(calls.find((call) => call.method === 'POST')).toMatchObject({
    path: '/plans/p/reports/r1/approve',
    headers: { 'if-match': sent },
  });
});

it('does not approve a report that was handed in anew since it was shown', async () => {
  let version = 9;
  const calls = await panel(
    milestone(),
    () => [waiting(version)],
    () => {
      version = 12;
      return { status: 412, body: { status: 412, code: 'version.stale', version: 12 } };
    },
  );
  await userEvent.setup().click(await screen.findByTestId('report-approve'));
  const reads = () => calls.filter((call) => call.method === 'GET' && call.path.includes('/reports?'));
  await waitFor(() => expect(reads().length).toBeGreaterThan(1));
  await waitFor(() => expect(screen.getByTestId('report-approve')).toBeEnabled());
  expect(calls.filter((call) => call.method === 'POST')).toHaveLength(1);
});
