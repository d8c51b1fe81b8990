import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import { measure, milestone, plan } from '../../tests/make';
import { serve } from '../../tests/show';
import { queries } from '../api/queries';
import { readWhole } from './whole';

afterEach(() => vi.unstubAllGlobals());

it('reads a plan as it is now and to its end, whatever was read of it before', async () => {
  const measures = Array.from({ length: 120 }, (_, at) => measure([], { id: `s${at}` }));
  let title = 'Train 40 judges';
  serve((call) => {
    const { pathname, searchParams: query } = new URL(call.path, 'http://platform');
    if (pathname.endsWith('/measures')) {
      const from = Number(query.get('after') ?? 0);
      const next = from + 50 < measures.length ? String(from + 50) : null;
      return { body: { items: measures.slice(from, from + 50), next } };
    }
    return { body: { items: query.getAll('measure').map((one) => milestone({ id: `m-${one}`, measure: one, title })), next: null } };
  });
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 5 * 60_000 } } });
  await client.fetchQuery(queries.milestonesOf('p', 's0'));
  title = 'Train 60 judges';

  // The head is of a time when there was one measure.
  const whole = await readWhole(client, plan([milestone()]));
  expect(whole.map((one) => one.measure.id)).toEqual(measures.map((one) => one.id));
  expect(new Set(whole.flatMap((one) => one.milestones.map((found) => found.title)))).toEqual(new Set(['Train 60 judges']));
});
