import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { session, show } from '../../tests/show';
import { useSession } from '../api/session';
import type { Session } from '../api/types';
import { changeLanguage } from '../i18n';
import { BodyChange } from './BodyChange';

if (!session.body) throw new Error('The sample session speaks for a body');
const chile: Session = { ...session, body: { ...session.body, id: 'chile', name: 'Chile' } };

function Frame() {
  return (
    <>
      <BodyChange session={useSession()} />
      <main id="main" tabIndex={-1} />
    </>
  );
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function open() {
  const { client } = await show(<Frame />);
  const goOnWith = (next: Session) =>
    act(async () => {
      client.setQueryData(['session'], next);
      await vi.advanceTimersByTimeAsync(1);
    });
  const wait = (seconds: number) => act(() => vi.advanceTimersByTimeAsync(seconds * 1000));
  return { goOnWith, wait };
}
const status = () => screen.getByRole('status');

it('says for whom the window acts once that has changed, and nothing before', async () => {
  const { goOnWith } = await open();
  expect(status()).toBeEmptyDOMElement();
  await goOnWith({ ...session, bodies: [] });
  expect(status()).toBeEmptyDOMElement();
  await goOnWith(chile);
  expect(status()).toHaveTextContent('You act for Chile now');
  await act(() => changeLanguage('ar'));
  expect(status()).toHaveTextContent('أنت تعمل الآن باسم Chile');
  await act(() => changeLanguage('en'));
  await goOnWith({ ...session, account: 'a-1', displayName: 'Administrator', body: null });
  expect(status()).toHaveTextContent('You are signed in as Administrator now');
});

it('goes by itself, but not in a window that nobody sees', async () => {
  const { goOnWith, wait } = await open();
  const seen = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  await goOnWith(chile);
  await wait(600);
  expect(status()).toHaveTextContent('Chile');
  seen.mockReturnValue('visible');
  fireEvent(document, new Event('visibilitychange'));
  await wait(19);
  expect(status()).toHaveTextContent('Chile');
  await wait(2);
  expect(status()).toBeEmptyDOMElement();
  expect(screen.queryByRole('button')).toBeNull();
});

it('is closed by hand, and the page takes the focus; it does not go from under it', async () => {
  const { goOnWith, wait } = await open();
  await goOnWith(chile);
  const close = screen.getByRole('button', { name: 'Close' });
  close.focus();
  await wait(60);
  expect(close).toBeVisible();
  fireEvent.click(close);
  expect(status()).toBeEmptyDOMElement();
  expect(screen.getByRole('main')).toHaveFocus();
});
