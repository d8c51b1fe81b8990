import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import i18next from 'i18next';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serve, showAt } from '../../tests/show';
import type { SecurityEvent } from '../api/types';
import { changeLanguage, startI18n } from '../i18n';
import { securityHead, securityRows } from './model';
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

it('is exported with ids, and with the codes as they are, under names that are told apart', async () => {
  const [row] = securityRows(log);
  expect(row).toEqual([
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
  await startI18n('en');
  for (const language of ['en', 'ar'] as const) {
    await changeLanguage(language);
    const head = securityHead(i18next.t as never);
    expect(head).toHaveLength(row?.length ?? 0);
    expect(new Set(head).size).toBe(head.length);
  }
});

describe('an export', () => {
  const { createObjectURL } = URL;
  const files: Blob[] = [];
  beforeEach(() => {
    files.length = 0;
    URL.createObjectURL = (file) => `blob:${files.push(file as Blob)}`;
    URL.revokeObjectURL = () => undefined;
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  });
  afterEach(() => {
    URL.createObjectURL = createObjectURL;
    vi.restoreAllMocks();
  });

  it('holds all that the filter means, not only what is shown', async () => {
    const calls = serve((call) => {
      const after = /after=(\d)/.exec(call.path)?.[1];
      const page = after ? Number(after) : 0;
      return { body: { items: [event({ number: 9 - page, count: page + 1 })], next: page < 3 ? String(page + 1) : null } };
    });
    const { router } = await showAt('/security', <SecurityPage />);
    await router.navigate({ to: '/security', search: { kind: 'refused' } as never });
    expect(await screen.findAllByTestId('security-event')).toHaveLength(1);
    await userEvent.setup().click(screen.getByTestId('security-export'));
    await vi.waitFor(() => expect(screen.getByTestId('security-export-status')).toHaveTextContent('Exported 4 rows.'));
    const text = await new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.readAsText(files[0] as Blob);
    });
    expect(text.trim().split('\r\n')).toHaveLength(5);
    for (const call of calls.filter(({ path }) => path.includes('limit=500'))) expect(call.path).toContain('kind=refused');
  });

  it('is stopped by whoever does not want to wait, and hands out nothing then', async () => {
    let page = 0;
    serve(() => ({ body: { items: [event({ number: 1_000_000 - page })], next: String(++page) } }));
    const answer = fetch;
    vi.stubGlobal('fetch', async (...asked: Parameters<typeof fetch>) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      asked[1]?.signal?.throwIfAborted();
      return answer(...asked);
    });
    await showAt('/security', <SecurityPage />);
    const user = userEvent.setup();
    await user.click(await screen.findByTestId('security-export'));
    expect(await screen.findByText(/^Exporting, \d+ rows? so far$/)).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    const read = page;
    expect(screen.getByTestId('security-export-status')).toBeEmptyDOMElement();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(page).toBeLessThanOrEqual(read + 1);
    expect(files).toEqual([]);
  });
});
