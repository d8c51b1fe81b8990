import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { serve, showAt } from '../../tests/show';
import { SearchPage } from './SearchPage';

vi.setConfig({ testTimeout: 30_000 });
afterEach(() => vi.unstubAllGlobals());

const items = [
  { kind: 'body', id: 'togo', title: 'Togo', exercise: false },
  { kind: 'milestone', id: 'm1', plan: 'p', title: 'Train judges of Togo', body: 'togo', bodyName: 'Togo', code: '1.2', exercise: true },
];

it('finds by words, and each thing leads to its page', async () => {
  const calls = serve(() => ({ body: { items, next: null, total: 2 } }));
  const { router } = await showAt('/search', <SearchPage />);
  expect(await screen.findByText(/Type words/)).toBeVisible();
  expect(calls).toEqual([]);
  const user = userEvent.setup();
  await user.type(screen.getByTestId('search-words'), 'togo{Enter}');
  const row = await screen.findByRole('link', { name: 'Train judges of Togo' });
  expect(row).toHaveAttribute('href', '/plans/p?m=m1');
  expect(row.closest('li')).toHaveTextContent('Milestone1.2TogoExercise');
  expect(screen.getByTestId('shown')).toHaveTextContent('2 found');
  expect(router.state.location.search).toEqual({ q: 'togo' });
  await user.selectOptions(screen.getByLabelText('What'), 'milestone');
  await waitFor(() => expect(calls.at(-1)?.path).toContain('kind=milestone'));
});

it('says when there is nothing, and what went wrong', async () => {
  let fails = false;
  serve(() =>
    fails ? { status: 503, body: { status: 503, code: 'platform.unavailable' } } : { body: { items: [], next: null, total: 0 } },
  );
  await showAt('/search', <SearchPage />);
  const user = userEvent.setup();
  await user.type(await screen.findByTestId('search-words'), 'zzz{Enter}');
  expect(await screen.findByText(/Nothing found/)).toBeVisible();
  fails = true;
  await user.type(screen.getByTestId('search-words'), 'z{Enter}');
  expect(await screen.findByRole('alert')).toBeVisible();
});
