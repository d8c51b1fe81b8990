import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { serve, session, show } from '../../tests/show';
import { InvitationPage } from './InvitationPage';

vi.setConfig({ testTimeout: 30_000 });
afterEach(() => {
  vi.unstubAllGlobals();
  window.location.hash = '';
});

const invitation = {
  signInName: 'anna.k',
  displayName: 'Anna',
  body: { id: 'ruritania', name: 'Ruritania' },
  role: 'observer',
  expires: '2026-11-24T10:00:00Z',
};

it('says what the invitation is for, takes a long password and signs in', async () => {
  window.location.hash = '#a-22222222.secret';
  const user = userEvent.setup();
  let common = true;
  const calls = serve((call) => {
    if (call.path === '/invitations/see') return { body: invitation };
    if (!common) return { body: session };
    common = false;
    const detail = 'This password is among those that are tried first.';
    return {
      status: 400,
      body: { status: 400, code: 'password.common', errors: [{ pointer: '#/password', code: 'password.common', detail }] },
    };
  });
  const { client, router } = await show(<InvitationPage />, null);
  expect(await screen.findByText('Ruritania invites you as Observer.')).toBeVisible();
  expect(screen.getByTestId('invitation-account')).toHaveValue('anna.k');

  await user.type(screen.getByTestId('invitation-password'), 'short');
  await user.click(screen.getByTestId('invitation-accept'));
  expect(screen.getByTestId('invitation-password')).toHaveAccessibleDescription(/at least 12/);
  expect(calls.some((call) => call.path === '/invitations/accept')).toBe(false);

  await user.type(screen.getByTestId('invitation-password'), ' password1');
  await user.click(screen.getByTestId('invitation-accept'));
  expect((await screen.findByRole('alert')).textContent).toContain('tried first');

  await user.clear(screen.getByTestId('invitation-name'));
  await user.type(screen.getByTestId('invitation-name'), 'Anna K.');
  await user.click(screen.getByTestId('invitation-accept'));
  await vi.waitFor(() => expect(client.getQueryData(['session'])).toEqual(session));
  expect(router.state.location.pathname).toBe('/');
  expect(calls.at(-1)?.body).toEqual({ token: 'a-22222222.secret', password: 'short password1', displayName: 'Anna K.' });
});

it('sends no secret where others can read along', async () => {
  vi.stubGlobal('isSecureContext', false);
  window.location.hash = '#a-22222222.secret';
  const calls = serve(() => ({ body: invitation }));
  await show(<InvitationPage />, null);
  expect((await screen.findByRole('alert')).textContent).toContain('Use its https address');
  expect(calls).toEqual([]);
});

it('says so when the invitation counts no more', async () => {
  window.location.hash = '#a-22222222.used';
  serve(() => ({ status: 404, body: { status: 404, code: 'invitation.gone', detail: 'Gone.' } }));
  await show(<InvitationPage />, null);
  expect((await screen.findByRole('alert')).textContent).toContain('Ask whoever gave it to you for another one');
  expect(screen.queryByTestId('invitation-accept')).toBeNull();
});

it('speaks the language of its reader, and of a password and not of an invitation where it is for one', async () => {
  window.location.hash = '#a-22222222.secret';
  serve(() => ({ body: { ...invitation, resets: true } }));
  await show(<InvitationPage />, null);
  expect(await screen.findByRole('heading', { name: 'Choose another password' })).toBeVisible();
  expect(document.body.textContent).not.toMatch(/invit/i);
  await userEvent.setup().click(screen.getByRole('button', { name: 'العربية' }));
  expect(await screen.findByRole('heading', { name: 'اختر كلمة مرور أخرى' })).toBeVisible();
  expect(document.documentElement.dir).toBe('rtl');
  await userEvent.setup().click(screen.getByRole('button', { name: 'English' }));
});
