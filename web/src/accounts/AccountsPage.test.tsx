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

it('shows what has changed meanwhile, and only accounts that wait for another password where that is asked for', async () => {
  const { body } = session;
  const reset = { body: { id: body?.id, name: body?.name }, by: { id: 'a-2', name: 'Bo' }, until: '2026-11-30T10:00:00Z' };
  let now = accounts;
  const calls = serve(() => ({ body: { items: now, next: null } }));
  const { client } = await showAt('/accounts', <AccountsPage />, administrator);
  expect(await screen.findAllByTestId('account-row')).toHaveLength(2);
  expect(screen.queryByTestId('account-reset')).toBeNull();
  const [observed] = client.getQueryCache().findAll({ queryKey: ['accounts'] });
  expect(observed?.observers[0]?.options.refetchInterval).toBeLessThanOrEqual(30_000);
  now = accounts.map((account) => ({ ...account, reset }));
  await client.invalidateQueries({ queryKey: ['accounts'] });
  expect(await screen.findAllByTestId('account-reset')).toHaveLength(2);
  await userEvent.setup().click(screen.getByTestId('accounts-resets'));
  await waitFor(() => expect(calls.at(-1)?.path).toMatch(/^\/accounts\?resets=true/));
});

it('shows the first accounts, and more when asked', async () => {
  serve((call) => ({
    body: call.path.includes('after=')
      ? { items: accounts.slice(1), next: null, total: 2 }
      : { items: accounts.slice(0, 1), next: 'c', total: 2 },
  }));
  await showAt('/accounts', <AccountsPage />, administrator);
  expect(await screen.findByText('1 of 2')).toBeVisible();
  await userEvent.setup().click(screen.getByTestId('accounts-more'));
  expect(await screen.findByText('2 accounts')).toBeVisible();
  expect(screen.queryByTestId('accounts-more')).toBeNull();
});

it('finds accounts by what is typed', async () => {
  const calls = serve(() => ({ body: { items: accounts, next: null } }));
  const { router } = await showAt('/accounts', <AccountsPage />, administrator);
  await userEvent.setup().type(await screen.findByTestId('accounts-search'), 'ana');
  await waitFor(() => expect(calls.some((call) => call.path.startsWith('/accounts?q=ana'))).toBe(true));
  expect(router.state.location.search).toEqual({ q: 'ana' });
});
