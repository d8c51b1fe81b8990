import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serve, session, show } from '../../tests/show';
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

let lines: { position: number; end: () => void }[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(LiveStore.prototype, 'start').mockImplementation((position, end) => void lines.push({ position, end }));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('lists the bodies of the account and acts for another one, without a pointer', async () => {
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
  await user.keyboard('{End}{Enter}');
  expect(onActFor.mock.calls).toEqual([['meridian-secretariat']]);
});

it('does nothing for the body that the session acts for already', async () => {
  const onActFor = vi.fn();
  await show(<AccountMenu onLeave={vi.fn()} onHelp={vi.fn()} onActFor={onActFor} />, several);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('account'));
  await user.click(await screen.findByRole('menuitemradio', { name: /Ruritania/ }));
  expect(onActFor).not.toHaveBeenCalled();
});

it('says nothing of bodies to an account that has one', async () => {
  await show(<AccountMenu onLeave={vi.fn()} onHelp={vi.fn()} onActFor={vi.fn()} />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('account'));
  expect(await screen.findByRole('menuitem', { name: 'My body' })).toBeVisible();
  expect(screen.queryByRole('menuitemradio')).toBeNull();
});

it('begins anew for the other body: its own line, nothing of what was read before, its own token', async () => {
  const calls = serve((call) => ({ body: call.path === '/session/body' ? there : { items: [], unread: 0, readUpTo: 0 } }));
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
});

it('goes on with what is left when the role in a body was taken', async () => {
  serve((call) => ({ body: call.path.startsWith('/session') ? there : { items: [], unread: 0, readUpTo: 0 } }));
  const { client } = await show(<Shell />, several);
  await waitFor(() => expect(lines).toHaveLength(1));
  lines[0]?.end();
  await waitFor(() => expect(lines.at(-1)?.position).toBe(20));
  expect(client.getQueryData<Session>(['session'])?.body?.id).toBe('meridian-secretariat');
});

it('says what was wrong and stays with the body when the other one is refused', async () => {
  serve((call) =>
    call.path === '/session/body'
      ? { status: 403, body: { status: 403, code: 'session.not-a-role-there' } }
      : { body: call.path.startsWith('/session') ? several : { items: [], unread: 0, readUpTo: 0 } },
  );
  const { client } = await show(<Shell />, several);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('account'));
  await user.click(await screen.findByRole('menuitemradio', { name: /Meridian/ }));
  expect(await screen.findByRole('alert')).toHaveTextContent('no role in that body any more');
  await waitFor(() => expect(lines.length).toBeGreaterThan(1));
  expect(client.getQueryData<Session>(['session'])?.body?.id).toBe('ruritania');
});
