import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { serve, session, show } from '../../../tests/show';
import type { OpenSession } from '../../api/types';
import { Sessions } from './Sessions';

vi.setConfig({ testTimeout: 30_000 });
afterEach(() => vi.unstubAllGlobals());

const one = (id: string, part: Partial<OpenSession> = {}): OpenSession => ({
  id,
  browser: 'Firefox',
  system: 'Windows',
  network: '192.0.2.0/24',
  body: { id: 'ruritania', name: 'Ruritania' },
  began: '2026-11-23T08:00:00Z',
  used: '2026-11-23T09:00:00Z',
  current: false,
  ...part,
});

it('shows each device and ends those that are not this one', async () => {
  const user = userEvent.setup();
  let open = [one('a', { current: true }), one('b', { browser: null }), one('c', { browser: null, system: null })];
  const calls = serve((call) => {
    if (call.method === 'DELETE') {
      open = open.filter((left) => !call.path.endsWith(`/${left.id}`));
      return { status: 204 };
    }
    return { body: { items: open } };
  });
  await show(<Sessions account={session.account} />);
  const rows = await screen.findAllByTestId('session');
  expect(rows.map((row) => row.querySelector('.row-title')?.textContent)).toEqual(['Firefox on Windows', 'Windows', 'Unknown device']);
  expect(rows[0]?.textContent).toContain('This device');
  expect(rows[0]?.querySelector('button')).toBeNull();

  await user.click(screen.getByRole('button', { name: 'End the session of Windows' }));
  await waitFor(() => expect(screen.getAllByTestId('session')).toHaveLength(2));
  expect(calls.filter((call) => call.method === 'DELETE').map((call) => call.path)).toEqual([`/accounts/${session.account}/sessions/b`]);
});

it('ends all others at once, and says what went wrong', async () => {
  const user = userEvent.setup();
  const open = [one('a', { current: true }), one('b'), one('c')];
  serve((call) =>
    call.method === 'DELETE' ? { status: 503, body: { status: 503, detail: 'No silo answers.' } } : { body: { items: open } },
  );
  await show(<Sessions account={session.account} />);
  await user.click(await screen.findByTestId('end-other-sessions'));
  expect((await screen.findByRole('alert')).textContent).toContain('No silo answers.');
});
