import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { session, show } from '../../tests/show';
import type { BodyDetail, LeftOpen as Left } from '../api/types';
import { LeftOpen } from './LeftOpen';

const body = (leftOpen: Left[]): BodyDetail => {
  if (!session.body) throw new Error('The sample session speaks for a body');
  return {
    ...session.body,
    members: [],
    children: [],
    chairs: [],
    focalPoints: [],
    facts: [],
    agreements: [],
    people: [],
    verbs: [],
    leftOpen,
  };
};

it('lists what former members left open, and leads there', async () => {
  await show(
    <LeftOpen
      body={body([
        {
          kind: 'report',
          subject: { kind: 'plan', id: 'p' },
          part: 'm1',
          title: 'Train 40 judges',
          since: '2026-11-20T10:00:00Z',
          account: 'a-1',
          name: 'Anna K.',
        },
        { kind: 'answer', subject: { kind: 'request', id: 'r1' }, title: 'A joint team', since: '2026-11-21T10:00:00Z', account: 'a-2' },
      ])}
    />,
  );
  const [report, answer] = screen.getAllByTestId('left-open-item');
  expect(report).toHaveTextContent('Report');
  expect(report).toHaveTextContent('Anna K.');
  expect(within(report as HTMLElement).getByRole('link', { name: 'Train 40 judges' })).toHaveAttribute('href', '/plans/p?m=m1');
  expect(answer).toHaveTextContent('Answer owed');
  expect(answer).toHaveTextContent('former member of Ruritania');
  expect(within(answer as HTMLElement).getByRole('link', { name: 'A joint team' })).toHaveAttribute('href', '/requests/r1');
});

it('names the person also when the account is named like the body, and mutes a title that was erased', async () => {
  await show(
    <LeftOpen
      body={body([
        {
          kind: 'answer',
          subject: { kind: 'request', id: 'r1' },
          title: '(erased text)',
          since: '2026-11-21T10:00:00Z',
          account: 'a-2',
          name: 'Ruritania',
        },
      ])}
    />,
  );
  expect(screen.getByText('Ruritania')).toBeVisible();
  expect(screen.getByRole('link', { name: '(erased text)' })).toHaveClass('row-title', 'erased');
});

it('is not there when nothing is', async () => {
  await show(<LeftOpen body={body([])} />);
  expect(screen.queryByTestId('left-open')).toBeNull();
});
