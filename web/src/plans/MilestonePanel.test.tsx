import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { milestone, plan } from '../../tests/make';
import { show } from '../../tests/show';
import type { ReportView } from '../api/types';
import { MilestoneRow } from '../parts/milestone/MilestoneRow';
import { MilestonePanel } from './MilestonePanel';

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
});

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
