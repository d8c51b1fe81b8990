import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { planView } from '../../tests/make';
import { type Call, serve, showAt } from '../../tests/show';
import { PlansPage } from './PlansPage';

vi.setConfig({ testTimeout: 30_000 });
afterEach(() => vi.unstubAllGlobals());

const held = 120;
const platform = () =>
  serve((call) => {
    if (!call.path.startsWith('/plans')) return { body: { items: [], next: null } };
    const asked = new URL(call.path, 'http://here').searchParams;
    const [limit, from, total] = [Number(asked.get('limit')), Number(asked.get('after') ?? 0), asked.get('q') ? 1 : held];
    const items = Array.from({ length: Math.min(limit, total - from) }, (_, index) =>
      planView({ id: `p${from + index}`, title: `Plan ${from + index}` }),
    );
    return { body: { items, next: from + limit < total ? String(from + limit) : null, total } };
  });
const asked = (calls: Call[]) =>
  calls.filter((call) => call.path.startsWith('/plans')).map((call) => new URL(call.path, 'http://here').searchParams);

it('shows as many as were read of how many there are, and reads on with a key', async () => {
  const calls = platform();
  await showAt('/plans', <PlansPage />);
  await waitFor(() => expect(screen.getAllByRole('heading', { level: 2 })).toHaveLength(50));
  expect(screen.getByTestId('shown')).toHaveTextContent('50 of 120');
  const user = userEvent.setup();
  screen.getByTestId('list-more').focus();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(screen.getAllByRole('heading', { level: 2 })).toHaveLength(100));
  expect(screen.getByTestId('list-more')).toHaveFocus();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(screen.getByTestId('shown')).toHaveTextContent('120 plans'));
  expect(screen.queryByTestId('list-more')).toBeNull();
  expect(asked(calls).map((one) => one.get('after'))).toEqual([null, '50', '100']);
});

it('lets the platform search, filter and sort, asks after a pause, and shows the list before until then', async () => {
  const calls = platform();
  const { router } = await showAt('/plans', <PlansPage />);
  await waitFor(() => expect(screen.getAllByRole('heading', { level: 2 })).toHaveLength(50));
  const user = userEvent.setup();
  await user.type(screen.getByTestId('list-search'), 'cote');
  expect(screen.getAllByRole('heading', { level: 2 })).toHaveLength(50);
  await waitFor(() => expect(screen.getAllByRole('heading', { level: 2 })).toHaveLength(1));
  expect(asked(calls).map((one) => one.get('q'))).toEqual([null, 'cote']);
  expect(router.state.location.search).toEqual({ q: 'cote' });
  await user.selectOptions(screen.getByLabelText('Order'), '-late');
  await user.selectOptions(screen.getByLabelText('Status'), 'adopted');
  await waitFor(() => expect(asked(calls).at(-1)?.get('status')).toBe('adopted'));
  expect(asked(calls).at(-1)?.get('sort')).toBe('-late');
  expect(calls.at(-1)?.headers['accept-language']).toBe('en');
  expect(router.state.location.search).toEqual({ q: 'cote', sort: '-late', status: 'adopted' });
});

it('hands out what one sees as a file: all plans that fit the filter, in its order, and no formulas', async () => {
  const blobs: Blob[] = [];
  const { createObjectURL, revokeObjectURL } = URL;
  onTestFinished(() => void Object.assign(URL, { createObjectURL, revokeObjectURL }));
  Object.assign(URL, { createObjectURL: (blob: Blob) => String(blobs.push(blob)), revokeObjectURL: () => {} });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
  const calls = serve((call) => {
    if (!call.path.startsWith('/plans')) return { body: { items: [], next: null } };
    const after = new URL(call.path, 'http://here').searchParams.get('after');
    const items = [planView({ id: after ? 'b' : 'a', title: after ? '=1+1' : 'Plan, first' })];
    return { body: { items, next: after ? null : 'more', total: 2 } };
  });
  await showAt('/plans', <PlansPage />, undefined, '/plans?status=adopted&sort=-late');
  await userEvent.setup().click(await screen.findByTestId('plans-export'));
  await waitFor(() => expect(screen.getByTestId('plans-export-status')).toHaveTextContent('Exported 2 rows.'));
  const [head, ...rows] = (await blobs[0]?.text())?.split('\r\n') ?? [];
  expect(head).toMatch(/Plan,Id,Body,Region,Status,.*,All milestones,Late,/);
  expect(rows).toEqual([
    '"Plan, first",a,Ruritania,Meridia,under-implementation,,,,1,1,0,0,0,0,0',
    "'=1+1,b,Ruritania,Meridia,under-implementation,,,,1,1,0,0,0,0,0",
  ]);
  const exported = asked(calls).slice(-2);
  expect(exported.map((one) => [one.get('status'), one.get('sort'), one.get('limit'), one.get('after')])).toEqual([
    ['adopted', '-late', '500', null],
    ['adopted', '-late', '500', 'more'],
  ]);
});
