import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { isWhoAmI, serve, session, show } from '../../tests/show';
import { ResetNotice } from './ResetNotice';

vi.setConfig({ testTimeout: 30_000 });
afterEach(() => vi.unstubAllGlobals());

const reset = {
  body: { id: 'ruritania', name: 'Ruritania' },
  by: { id: 'a-2', name: 'Bo' },
  until: '2026-11-30T10:00:00Z',
  agreedBy: null,
  from: null,
};

it('lets a person object, and says so where the focus is', async () => {
  let objected = false;
  const calls = serve((call) => {
    if (call.method === 'DELETE') objected = true;
    return { body: isWhoAmI(call) ? { ...session, ...(objected ? {} : { reset }) } : { id: session.account, version: 2, position: 11 } };
  });
  await show(<ResetNotice />, { ...session, reset });
  await userEvent.setup().click(await screen.findByTestId('reset-object'));
  await waitFor(() => expect(screen.getByTestId('reset-objected')).toHaveFocus());
  expect(screen.getByRole('status')).toHaveTextContent('You have objected. Your password stays.');
  expect(calls.filter((call) => call.method === 'DELETE').map((call) => call.path)).toEqual([`/accounts/${session.account}/reset`]);
});
