import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import { serve, session } from '../../tests/show';
import { startI18n } from '../i18n';
import { keepNewer } from '../live/patch';
import { read } from './client';
import { queries } from './queries';
import { carrySessionOf, readSessionAnew } from './session';
import type { Session } from './types';

afterEach(() => vi.unstubAllGlobals());

if (!session.body) throw new Error('The sample session speaks for a body');
const there: Session = { ...session, body: { ...session.body, id: 'valdoria', name: 'Valdoria' } };

it('acts for the body of the session that the cache holds, however it came there, and for none when it is gone', async () => {
  await startI18n('en');
  const calls = serve((call) => ({ body: call.path.startsWith('/session') ? there : {} }));
  const client = new QueryClient();
  carrySessionOf(client);
  client.setQueryData(['session'], session);
  await read('/plans');
  await readSessionAnew(client);
  await read('/plans');
  client.clear();
  await read('/plans');
  const plans = calls.filter((call) => call.path.startsWith('/plans'));
  expect(plans.map((call) => call.headers['acting-for'])).toEqual(['ruritania', 'valdoria', undefined]);
});

it('does not settle for a read that was under way', async () => {
  await startI18n('en');
  const client = new QueryClient();
  client.setQueryData(['session'], session);
  const answers: ((one: Session) => void)[] = [];
  vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
    const answer = new Promise<Session>((resolve) => answers.push(resolve));
    const ended = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    return Promise.race([answer.then((one) => Response.json(one)), ended]);
  });
  const before = client.fetchQuery({ ...queries.session(), staleTime: 0 });
  const anew = readSessionAnew(client);
  await expect.poll(() => answers.length).toBe(2);
  answers[0]?.(session);
  answers[1]?.(there);
  expect((await anew).body?.id).toBe('valdoria');
  await before;
  expect(client.getQueryData<Session>(['session'])?.body?.id).toBe('valdoria');
});

it('takes the session that came last, whichever version the platform has', async () => {
  await startI18n('en');
  serve(() => ({ body: { ...there, version: '0.10.0' } }));
  const client = new QueryClient({ defaultOptions: { queries: { structuralSharing: keepNewer } } });
  client.setQueryData(['session'], { ...session, version: '0.9.0' });
  await readSessionAnew(client);
  expect(client.getQueryData<Session>(['session'])?.body?.id).toBe('valdoria');
});
