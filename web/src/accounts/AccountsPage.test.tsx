import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { serve, session, showAt } from '../../tests/show';
import { AccountsPage } from './AccountsPage';

vi.setConfig({ testTimeout: 30_000 });
afterEach(() => vi.unstubAllGlobals());

const { body: _, ...person } = session;
const administrator = { ...person, account: 'administrator', role: 'administrator' as const, bodies: [] };
const accounts = [
  { account: 'administrator', signInName: 'administrator', displayName: 'Administrator', isInvited: false, bodies: [] },
  {
    account: 'a-11111111',
    signInName: 'ana.k',
    displayName: 'Ana',
    isInvited: true,
    bodies: [{ id: 'ruritania', name: 'Ruritania', role: 'observer' }],
  },
];

it('erases an account only after its name was typed, and never the one that is built in', async () => {
  const calls = serve((call) => ({
    body: call.method === 'GET' ? { items: accounts, next: null } : { id: 'a-11111111', version: 1, position: 11 },
  }));
  await showAt('/accounts', <AccountsPage />, administrator);
  const user = userEvent.setup();
  const [erase, ...more] = await screen.findAllByTestId('account-erase');
  expect(more).toEqual([]);
  expect(screen.getAllByTestId('account-sessions')).toHaveLength(1);
  await user.click(erase as HTMLElement);
  await user.click(await screen.findByTestId('erase-account-send'));
  expect(screen.getByText('Type the name to sign in with, as it stands there.')).toBeVisible();
  await user.type(screen.getByTestId('erase-account-typed'), 'ana.k');
  await user.click(screen.getByTestId('erase-account-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(calls.filter((call) => call.method === 'DELETE').map((call) => call.path)).toEqual(['/accounts/a-11111111']);
});

it('finds accounts by what is typed', async () => {
  const calls = serve(() => ({ body: { items: accounts, next: null } }));
  const { router } = await showAt('/accounts', <AccountsPage />, administrator);
  await userEvent.setup().type(await screen.findByTestId('accounts-search'), 'ana');
  await waitFor(() => expect(calls.some((call) => call.path.startsWith('/accounts?text=ana'))).toBe(true));
  expect(router.state.location.search).toEqual({ text: 'ana' });
});
