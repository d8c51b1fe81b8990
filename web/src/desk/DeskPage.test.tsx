import { screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { isWhoAmI, serve, session, show } from '../../tests/show';
import type { Session } from '../api/types';
import { DeskPage } from './DeskPage';

afterEach(() => vi.unstubAllGlobals());

/** Lists with as many items as `total` says of their query; null is never answered. */
async function open(total: (query: URLSearchParams, path: string) => number | null, signedIn: Session = session) {
  const asked: URLSearchParams[] = [];
  const answer = (url: string) => {
    const { pathname, searchParams } = new URL(url, 'http://here');
    const path = pathname.replace('/api/v1', '');
    if (path !== '/milestones' && path !== '/requests') return { items: [], next: null, position: 1, total: 0, unread: 0 };
    asked.push(searchParams);
    const count = total(searchParams, path);
    return count === null ? null : { items: [], next: null, total: count };
  };
  serve((call) => ({ body: isWhoAmI(call) ? signedIn : undefined }));
  const others = fetch;
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    if (url.includes('/session')) return others(url, init);
    const body = answer(url);
    if (body === null) return new Promise(() => {});
    return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
  });
  await show(<DeskPage />, signedIn);
  return asked;
}

it('says of a number that is not there yet that it is not known, and not that it is zero', async () => {
  await open((query, path) => (path === '/requests' || query.has('overdue') ? null : 0));
  const late = await screen.findByRole('link', { name: /late milestones/ });
  const requests = screen.getByRole('link', { name: /requests to answer/ });
  await waitFor(() => expect(screen.getByRole('link', { name: /at risk/ })).toHaveTextContent(/^0/));
  for (const tile of [late, requests]) {
    expect(tile).not.toHaveTextContent('0');
    expect(tile).toHaveAccessibleName(/not known yet/);
  }
});

it('shows what waits to be approved to a coordinator alone, with the number of its list', async () => {
  await open((query) => (query.has('toApprove') ? 3 : 0));
  const tile = await screen.findByRole('link', { name: /3 ?reports to approve/ });
  expect(tile.getAttribute('href')).toContain('show=to-approve');
});

it.each(['contributor', 'observer'] as const)('has no tile of reports to approve for the %s', async (role) => {
  const asked = await open((query) => (query.has('toApprove') ? 3 : 0), { ...session, role });
  expect(await screen.findByRole('link', { name: /0 ?late milestones/ })).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: /to approve/ })).toBeNull();
  expect(asked.some((query) => query.has('toApprove'))).toBe(false);
});

it('has no tile whose list would be that of everybody, for somebody without a body', async () => {
  const { body, ...rest } = session;
  await open(() => 5, { ...rest, role: 'administrator', bodies: [] } as Session);
  expect(await screen.findByRole('link', { name: /requests to answer/ })).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: /milestones/ })).toBeNull();
});
