import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { serve, showAt } from '../../tests/show';
import type { SecurityEvent } from '../api/types';
import { startI18n } from '../i18n';
import { securityRows } from './model';
import { SecurityPage } from './SecurityPage';

vi.setConfig({ testTimeout: 30_000 });
afterEach(() => vi.unstubAllGlobals());

const event = (part: Partial<SecurityEvent>): SecurityEvent => ({
  number: 1,
  kind: 'signed-in',
  at: '2026-11-23T10:00:00Z',
  count: 1,
  ...part,
});

const log = [
  event({
    number: 9,
    kind: 'refused',
    account: { id: 'a-11111111', name: 'Ana' },
    body: { id: 'ruritania', name: 'Ruritania' },
    operation: 'grantRole',
    code: 'body.coordinator-only',
  }),
  event({ number: 8, kind: 'sign-in-failed', about: { id: 'a-22222222', name: null }, network: '192.0.2.0/24', count: 5 }),
];

it('tells what happened, to whom, and how often', async () => {
  serve(() => ({ body: { items: log, next: null } }));
  await showAt('/security', <SecurityPage />);
  const rows = await screen.findAllByTestId('security-event');
  expect(rows[0]).toHaveTextContent('Refused');
  expect(rows[0]).toHaveTextContent('Ana');
  expect(rows[0]).toHaveTextContent('grantRole: body.coordinator-only');
  expect(rows[1]).toHaveTextContent('5 times');
  expect(rows[1]).toHaveTextContent('Somebody unknown');
  expect(rows[1]).toHaveTextContent('about Former member');
  expect(rows[1]).toHaveTextContent('192.0.2.0/24');
});

it('asks for one kind, for one account, and for what is older', async () => {
  const calls = serve((call) => ({ body: { items: log, next: call.path.includes('after=') ? null : 'c' } }));
  const { router } = await showAt('/security', <SecurityPage />);
  const user = userEvent.setup();
  await user.selectOptions(await screen.findByTestId('security-kind'), 'refused');
  await user.click((await screen.findAllByRole('button', { name: 'Ana' }))[0] as HTMLElement);
  expect(router.state.location.search).toEqual({ kind: 'refused', account: 'a-11111111' });
  await user.click(await screen.findByTestId('security-more'));
  await vi.waitFor(() => {
    const { path } = calls[calls.length - 1] as { path: string };
    for (const part of ['kind=refused', 'account=a-11111111', 'after=c']) expect(path).toContain(part);
  });
  await user.click(screen.getByTestId('security-everybody'));
  expect(router.state.location.search).toEqual({ kind: 'refused' });
});

it('is exported with ids, and with the codes as they are', async () => {
  await startI18n('en');
  const rows = securityRows(log, ((key: string) => key) as never);
  expect(rows[1]).toEqual([
    '2026-11-23T10:00:00Z',
    'refused',
    'a-11111111',
    'Ana',
    'Ruritania',
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    'grantRole',
    'body.coordinator-only',
    1,
  ]);
  expect(rows[0]).toHaveLength(rows[1]?.length ?? 0);
});
