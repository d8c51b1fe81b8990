import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Call, isWhoAmI, serve, session, show } from '../../tests/show';
import type { Session } from '../api/types';
import { LiveStore } from '../live/store';
import { AccountMenu } from './AccountMenu';
import { Shell } from './Shell';

vi.setConfig({ testTimeout: 30_000 });

const secretariat = { id: 'meridian-secretariat', name: 'Meridian Secretariat', role: 'observer' as const };
const several: Session = { ...session, bodies: [...session.bodies, secretariat] };
if (!session.body) throw new Error('The sample session speaks for a body');
const there: Session = {
  ...several,
  role: 'observer',
  body: { ...session.body, id: secretariat.id, name: secretariat.name },
  csrfToken: 'another',
  position: 20,
};

type Answer = { status?: number; body?: unknown };
let lines: { position: number; end: () => void }[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(LiveStore.prototype, 'start').mockImplementation((position, end) => void lines.push({ position, end }));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Answers as the platform: with a session, and with nothing in any list. */
const platform = (now: Session, rest: (call: Call) => Answer | null = () => null) =>
  serve((call) => rest(call) ?? { body: isWhoAmI(call) ? now : { items: [], unread: 0, readUpTo: 0 } });

it('lists the bodies of the account and acts for another one, without a pointer', async () => {
  platform(several);
  const onActFor = vi.fn();
  await show(<AccountMenu onLeave={vi.fn()} onHelp={vi.fn()} onActFor={onActFor} />, several);
  const user = userEvent.setup();
  await user.tab();
  expect(screen.getByTestId('account')).toHaveFocus();
  await user.keyboard('{Enter}');
  const bodies = await screen.findAllByRole('menuitemradio');
  expect(bodies.map((item) => [item.textContent, item.getAttribute('aria-checked')])).toEqual([
    ['Ruritania Coordinator', 'true'],
    ['Meridian Secretariat Observer', 'false'],
  ]);
  await user.keyboard('{End}');
  expect(screen.getByTestId('sign-out')).toHaveFocus();
  await user.keyboard('{ArrowUp}{Enter}');
  expect(onActFor.mock.calls).toEqual([['meridian-secretariat']]);
});

it('does nothing for the body that the session acts for already', async () => {
  platform(several);
  const onActFor = vi.fn();
  await show(<AccountMenu onLeave={vi.fn()} onHelp={vi.fn()} onActFor={onActFor} />, several);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('account'));
  await user.click(await screen.findByRole('menuitemradio', { name: /Ruritania/ }));
  expect(onActFor).not.toHaveBeenCalled();
});

it('reads the session anew when it opens, and so shows a role that was just given in another body', async () => {
  platform(several);
  await show(<AccountMenu onLeave={vi.fn()} onHelp={vi.fn()} onActFor={vi.fn()} />);
  const user = userEvent.setup();
  expect(screen.getByTestId('account')).not.toHaveClass('account-several');
  await user.click(screen.getByTestId('account'));
  expect(await screen.findByRole('menuitemradio', { name: /Meridian/ })).toBeVisible();
  // Also where there is little room one sees for which body one acts.
  expect(screen.getByTestId('account')).toHaveClass('account-several');
});

it('says nothing of bodies to an account that has one', async () => {
  platform(session);
  await show(<AccountMenu onLeave={vi.fn()} onHelp={vi.fn()} onActFor={vi.fn()} />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('account'));
  expect(await screen.findByRole('menuitem', { name: 'My body' })).toBeVisible();
  expect(screen.queryByRole('menuitemradio')).toBeNull();
});

it('begins anew for the other body: its own line, nothing of what was read before, its own token', async () => {
  const calls = platform(several, (call) => (call.path === '/session/body' ? { body: there } : null));
  const { client } = await show(<Shell />, several);
  client.setQueryData(['plans', {}], { items: ['of the body before'] });
  await waitFor(() => expect(lines.map((line) => line.position)).toEqual([10]));
  const user = userEvent.setup();
  await user.click(screen.getByTestId('account'));
  await user.click(await screen.findByRole('menuitemradio', { name: /Meridian/ }));
  await waitFor(() => expect(lines.at(-1)?.position).toBe(20));
  expect(calls.find((call) => call.method === 'POST')).toMatchObject({ path: '/session/body', body: { body: 'meridian-secretariat' } });
  expect(client.getQueryData(['session'])).toEqual(there);
  await waitFor(() => expect(client.getQueryData(['plans', {}])).toBeUndefined());
  expect(screen.getByTestId('body-change')).toHaveTextContent('You act for Meridian Secretariat now');
  // What is read from then on is read for the new body.
  const switched = calls.findIndex((call) => call.method === 'POST');
  const actedFor = (part: Call[]) => [...new Set(part.flatMap((call) => call.headers['acting-for'] ?? []))];
  await waitFor(() => expect(actedFor(calls.slice(switched))).toEqual(['meridian-secretariat']));
  expect(actedFor(calls.slice(0, switched))).toEqual(['ruritania']);
});

it('goes on with what is left when the role in a body was taken', async () => {
  platform(there);
  const { client } = await show(<Shell />, several);
  await waitFor(() => expect(lines).toHaveLength(1));
  expect(screen.getByTestId('body-change')).toHaveTextContent('');
  lines[0]?.end();
  await waitFor(() => expect(lines.at(-1)?.position).toBe(20));
  expect(client.getQueryData<Session>(['session'])?.body?.id).toBe('meridian-secretariat');
  expect(screen.getByTestId('body-change')).toHaveTextContent('You act for Meridian Secretariat now');
});

it('stays signed in while the platform cannot tell whether the session goes on, and misses nothing', async () => {
  vi.spyOn(LiveStore.prototype, 'position').mockReturnValue(17);
  platform(several, (call) => (isWhoAmI(call) ? { status: 503, body: { status: 503 } } : null));
  const { client, router } = await show(<Shell />, several);
  await waitFor(() => expect(lines).toHaveLength(1));
  lines[0]?.end();
  await waitFor(() => expect(lines.map((line) => line.position)).toEqual([10, 17]));
  expect(client.getQueryData(['session'])).toEqual(several);
  expect(router.state.location.pathname).toBe('/');
});

it('signs out when the platform says that the session has ended', async () => {
  platform(several, (call) => (isWhoAmI(call) ? { status: 401, body: { status: 401, code: 'session.required' } } : null));
  const { client, router } = await show(<Shell />, several);
  await waitFor(() => expect(lines).toHaveLength(1));
  lines[0]?.end();
  await waitFor(() => expect(router.state.location.pathname).toBe('/signin'));
  expect(client.getQueryData(['session'])).toBeUndefined();
  expect(lines).toHaveLength(1);
});

const refused = { status: 403, body: { status: 403, code: 'session.not-a-role-there' } };

async function chooseMeridian(user: ReturnType<typeof userEvent.setup>) {
  await user.click(screen.getByTestId('account'));
  await user.click(await screen.findByRole('menuitemradio', { name: /Meridian/ }));
}

it('says what was wrong and stays with the body when the other one is refused, until the page changes', async () => {
  platform(several, (call) => (call.path === '/session/body' ? refused : null));
  const { client, router } = await show(<Shell />, several);
  const user = userEvent.setup();
  await chooseMeridian(user);
  expect(await screen.findByRole('alert')).toHaveTextContent('no role in that body any more');
  await waitFor(() => expect(lines.length).toBeGreaterThan(1));
  expect(client.getQueryData<Session>(['session'])?.body?.id).toBe('ruritania');
  await act(() => router.navigate({ to: '/plans' as never }));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

it('says no more what was wrong once the body has changed, wherever that was chosen', async () => {
  platform(several, (call) => (call.path === '/session/body' ? refused : null));
  const { client } = await show(<Shell />, several);
  const user = userEvent.setup();
  await chooseMeridian(user);
  expect(await screen.findByRole('alert')).toBeVisible();
  act(() => void client.setQueryData(['session'], there));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});
