import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { session, show } from '../../tests/show';
import { HintCard } from './HintCard';

afterEach(() => localStorage.clear());

it('tells what to try first until it is put away, for each account by itself', async () => {
  const { unmount } = await show(<HintCard />);
  expect(screen.getByTestId('first-hint')).toHaveTextContent('press Update on a late milestone');
  await userEvent.click(screen.getByTestId('first-hint-away'));
  expect(screen.queryByTestId('first-hint')).toBeNull();
  unmount();
  const again = await show(<HintCard />);
  expect(screen.queryByTestId('first-hint')).toBeNull();
  again.unmount();
  await show(<HintCard />, { ...session, account: 'a-valdoria' });
  expect(screen.getByTestId('first-hint')).toBeVisible();
});

it.each([
  ['outside a demonstration', { ...session, demonstration: false }],
  ['to real bodies', { ...session, body: session.body ? { ...session.body, exercise: false } : null }],
  ['to observers, who report nothing', { ...session, role: 'observer' as const }],
])('says nothing %s', async (_, signedIn) => {
  await show(<HintCard />, signedIn);
  expect(screen.queryByTestId('first-hint')).toBeNull();
});
