import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { serve, session, show } from '../../tests/show';
import { SignIn } from './SignInPage';

afterEach(() => vi.unstubAllGlobals());

const demonstration = {
  items: [
    { account: 'austria-coordinator', name: 'Austria', kind: 'state', exercise: false },
    { account: 'ruritania-coordinator', name: 'Coordinator of Ruritania', kind: 'state', exercise: true },
  ],
};

it('signs in and goes on to where one wanted to go', async () => {
  const calls = serve((call) => ({ body: call.method === 'POST' ? session : demonstration }));
  const { client, router } = await show(<SignIn next="/plans/p" />, null);
  const push = vi.spyOn(router.history, 'push');
  const user = userEvent.setup();
  await user.type(screen.getByTestId('signin-account'), 'ruritania-coordinator');
  await user.type(screen.getByTestId('signin-password'), 'secret');
  await user.click(screen.getByTestId('signin-submit'));
  await waitFor(() => expect(push).toHaveBeenCalledWith('/plans/p'));
  expect(calls.find((call) => call.method === 'POST')?.body).toEqual({ account: 'ruritania-coordinator', password: 'secret' });
  expect(client.getQueryData(['session'])).toEqual(session);
});

it('offers the demonstration accounts, exercise ones first, and says where the password is', async () => {
  serve(() => ({ body: demonstration }));
  await show(<SignIn />, null);
  const user = userEvent.setup();
  expect(await screen.findByText(/printed in the terminal/)).toBeVisible();
  await user.click(screen.getByTestId('signin-account'));
  const options = await screen.findAllByRole('option');
  expect(options.map((option) => option.dataset.account)).toEqual(['ruritania-coordinator', 'austria-coordinator']);
  await user.click(options[0] as HTMLElement);
  expect(screen.getByTestId('signin-account')).toHaveValue('ruritania-coordinator');
});

it('says in plain words what was wrong and keeps what was typed', async () => {
  serve((call) =>
    call.method === 'POST'
      ? { status: 401, body: { status: 401, code: 'session.wrong-credentials', traceId: 'abc' } }
      : { body: { items: [] } },
  );
  await show(<SignIn />, null);
  const user = userEvent.setup();
  await user.type(screen.getByTestId('signin-account'), 'someone');
  await user.type(screen.getByTestId('signin-password'), 'wrong{Enter}');
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('The account or the password is wrong');
  expect(alert).toHaveTextContent('abc');
  expect(alert).toHaveFocus();
  expect(screen.getByTestId('signin-account')).toHaveValue('someone');
  expect(screen.getByTestId('signin-password')).toHaveValue('wrong');
});

it('says how long to wait when the account is locked', async () => {
  serve((call) =>
    call.method === 'POST'
      ? { status: 429, body: { status: 429, code: 'session.locked-out' }, headers: { 'retry-after': '300' } }
      : { body: { items: [] } },
  );
  await show(<SignIn />, null);
  const user = userEvent.setup();
  await user.type(screen.getByTestId('signin-account'), 'someone');
  await user.type(screen.getByTestId('signin-password'), 'wrong{Enter}');
  expect(await screen.findByText('Try again in 5 minutes.')).toBeVisible();
});

it('takes no password where others can read along, and says so before one is typed', async () => {
  vi.stubGlobal('isSecureContext', false);
  serve(() => ({ body: { items: [] } }));
  await show(<SignIn />, null);
  expect(await screen.findByRole('alert')).toHaveTextContent('Use its https address');
  expect(screen.getByTestId('signin-submit')).toBeDisabled();
});

it('can show the password', async () => {
  serve(() => ({ body: { items: [] } }));
  await show(<SignIn />, null);
  const user = userEvent.setup();
  const field = screen.getByTestId('signin-password');
  expect(field).toHaveAttribute('type', 'password');
  await user.click(screen.getByRole('button', { name: 'Show' }));
  expect(field).toHaveAttribute('type', 'text');
  expect(field).toHaveAttribute('autocomplete', 'current-password');
});

it('says whom to ask when the password is lost', async () => {
  serve(() => ({ body: { items: [] } }));
  await show(<SignIn />, null);
  const lost = await screen.findByTestId('signin-lost');
  await userEvent.setup().click(within(lost).getByText('Lost your password?'));
  expect(within(lost).getByText(/^Ask a coordinator of your body/)).toBeVisible();
});
