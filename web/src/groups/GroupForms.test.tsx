import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Call, serve, session, show } from '../../tests/show';
import type { BodyView, GroupView } from '../api/types';
import { NewGroup } from './GroupForms';
import { Side } from './GroupPage';
import { groupBody, groupLacks, termBody, termLacks } from './model';

vi.setConfig({ testTimeout: 30_000 });
beforeAll(() => import('./GroupForms'), 30_000);
afterEach(() => vi.unstubAllGlobals());

const named = (id: string, name: string, exercise = true): BodyView => {
  if (!session.body) throw new Error('The sample session speaks for a body');
  return { ...session.body, id, name, exercise };
};
const bodies = [
  named('ruritania', 'Ruritania'),
  named('valdoria', 'Valdoria'),
  named('gerolstein', 'Gerolstein'),
  named('austria', 'Austria', false),
];
const group = (part: Partial<GroupView> = {}): GroupView => ({
  id: 'g',
  name: 'Joint team',
  members: [
    { id: 'ruritania', name: 'Ruritania' },
    { id: 'valdoria', name: 'Valdoria' },
  ],
  chairs: [{ body: 'ruritania', from: '2026-01-01' }],
  chair: { id: 'ruritania', name: 'Ruritania' },
  exercise: true,
  version: 3,
  member: true,
  updates: 0,
  verbs: ['share', 'add-member', 'remove-member', 'appoint-chair'],
  here: [],
  invited: [],
  ...part,
});
/** Finds bodies as the platform does, roughly: by words, a side, and ids. */
const platform = () =>
  serve((call) => {
    if (!call.path.startsWith('/bodies')) return { body: { id: 'g', version: 4, position: 12 } };
    const asked = new URL(call.path, 'http://here').searchParams;
    const ids = asked.getAll('id');
    const items = bodies.filter(
      (body) =>
        body.name.toLowerCase().includes((asked.get('q') ?? '').toLowerCase()) &&
        (!asked.has('exercise') || String(body.exercise) === asked.get('exercise')) &&
        (ids.length === 0 || ids.includes(body.id)),
    );
    return { body: { items, total: items.length } };
  });
const sent = (calls: Call[]) => calls.filter((call) => call.method !== 'GET').map(({ method, path, body }) => ({ method, path, body }));

describe('what the forms send', () => {
  it('names the group and its members, and that it belongs to an exercise', () => {
    expect(groupLacks({ name: ' ', members: [], note: '' })).toEqual(['name']);
    expect(groupBody({ name: ' Team ', members: ['a'], note: ' ' }, false)).toEqual({ name: 'Team', members: ['a'] });
    expect(groupBody({ name: 'Team', members: [], note: 'Why' }, true)).toEqual({ name: 'Team', members: [], note: 'Why', exercise: true });
  });

  it('gives a term that runs forward, open at its end if it is not stated', () => {
    expect(termLacks({ body: '', from: '', to: '2026-01-01' })).toEqual(['body', 'from']);
    expect(termLacks({ body: 'a', from: '2026-02-01', to: '2026-01-31' })).toEqual(['to']);
    expect(termBody({ body: 'a', from: '2026-02-01', to: '' })).toEqual({ body: 'a', from: '2026-02-01' });
  });
});

it('adds a member that is found by a part of its name', async () => {
  const calls = platform();
  await show(<Side group={group()} />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('add-member'));
  await user.click(await screen.findByTestId('add-member-send'));
  expect(screen.getByTestId('add-member-body')).toHaveFocus();
  expect(screen.getByText('Choose a body.')).toBeVisible();
  await user.type(screen.getByTestId('add-member-body'), 'stein');
  await user.click(await screen.findByRole('option', { name: /Gerolstein/ }));
  await user.click(screen.getByTestId('add-member-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(sent(calls)).toEqual([{ method: 'POST', path: '/groups/g/members', body: { body: 'gerolstein' } }]);
});

it('removes a member only after asking, and never the one in the chair', async () => {
  const calls = platform();
  await show(<Side group={group()} />);
  const user = userEvent.setup();
  expect(screen.getAllByTestId('remove-member')).toHaveLength(1);
  await user.click(screen.getByRole('button', { name: 'Remove Valdoria' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('Remove Valdoria from Joint team?');
  expect(sent(calls)).toEqual([]);
  await user.click(within(dialog).getByTestId('remove-member-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(sent(calls)).toEqual([{ method: 'DELETE', path: '/groups/g/members/valdoria', body: undefined }]);
  await waitFor(() => expect(screen.getByRole('heading', { name: '2 members' })).toHaveFocus());
});

it('hands over the chair for a term', async () => {
  const calls = platform();
  await show(<Side group={group()} />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('hand-over'));
  await user.click(await screen.findByTestId('hand-over-send'));
  expect(screen.getByTestId('hand-over-body')).toHaveAccessibleDescription('Choose a body.');
  await user.selectOptions(screen.getByTestId('hand-over-body'), 'valdoria');
  await user.clear(screen.getByTestId('hand-over-to'));
  await user.click(screen.getByTestId('hand-over-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(sent(calls)[0]).toMatchObject({
    path: '/groups/g/chairs',
    body: { body: 'valdoria', from: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
  });
});

it('lets a member leave, and shows those without a say no button', async () => {
  const calls = platform();
  await show(<Side group={group({ chair: { id: 'valdoria', name: 'Valdoria' }, verbs: ['share', 'leave'] })} />);
  const user = userEvent.setup();
  for (const button of ['add-member', 'remove-member', 'hand-over']) expect(screen.queryByTestId(button)).toBeNull();
  await user.click(screen.getByTestId('leave'));
  await user.click(await screen.findByTestId('leave-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(sent(calls)).toEqual([{ method: 'DELETE', path: '/groups/g/members/ruritania', body: undefined }]);
});

it('shows members who is invited, and lets the chair withdraw', async () => {
  const calls = platform();
  await show(<Side group={group({ invited: [{ id: 'gerolstein', name: 'Gerolstein' }] })} />);
  const user = userEvent.setup();
  expect(screen.getByTestId('invited')).toHaveTextContent('Gerolstein');
  await user.click(screen.getByRole('button', { name: 'Withdraw the invitation of Gerolstein' }));
  await user.click(await screen.findByTestId('withdraw-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(sent(calls)).toEqual([{ method: 'DELETE', path: '/groups/g/members/gerolstein', body: undefined }]);
});

it('lets an invited body accept or decline', async () => {
  const calls = platform();
  const asked = group({
    members: [{ id: 'valdoria', name: 'Valdoria' }],
    chair: { id: 'valdoria', name: 'Valdoria' },
    member: false,
    verbs: ['join', 'decline'],
    invited: [{ id: 'ruritania', name: 'Ruritania' }],
    invitedBy: { id: 'valdoria', name: 'Valdoria' },
  });
  await show(<Side group={asked} />);
  const user = userEvent.setup();
  expect(await screen.findByTestId('invitation')).toHaveTextContent('Valdoria invites your body to Joint team.');
  expect(screen.queryByTestId('invited')).toBeNull();
  await user.click(screen.getByTestId('join'));
  await waitFor(() => expect(sent(calls)).toEqual([{ method: 'POST', path: '/groups/g/join', body: undefined }]));
  await waitFor(() => expect(screen.getByRole('heading', { name: '1 member' })).toHaveFocus());
  await user.click(screen.getByTestId('decline'));
  await user.click(await screen.findByTestId('decline-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(sent(calls)[1]).toEqual({ method: 'DELETE', path: '/groups/g/members/ruritania', body: undefined });
});

it('forms a group with the members chosen, and opens it', async () => {
  const calls = platform();
  const { router } = await show(<NewGroup onClose={() => undefined} />);
  const user = userEvent.setup();
  await user.type(await screen.findByTestId('new-group-name'), 'Border team');
  for (const [part, name] of [
    ['vald', 'Valdoria'],
    ['gero', 'Gerolstein'],
  ] as const) {
    await user.type(screen.getByTestId('new-group-members'), part);
    await user.click(await screen.findByRole('option', { name: new RegExp(name) }));
    // Ready for the next one.
    expect(screen.getByTestId('new-group-members')).toHaveFocus();
    expect(screen.getByTestId('new-group-members')).toHaveValue('');
  }
  await user.click(screen.getByRole('button', { name: 'Take Valdoria out' }));
  await user.click(screen.getByTestId('new-group-send'));
  await waitFor(() => expect(router.state.location.pathname).toBe('/groups/g'));
  expect(sent(calls)[0]).toEqual({
    method: 'POST',
    path: '/groups',
    body: { name: 'Border team', members: ['gerolstein'], exercise: true },
  });
});
