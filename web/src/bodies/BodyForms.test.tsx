import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Call, serve, session, show } from '../../tests/show';
import type { BodyDetail } from '../api/types';
import { startI18n } from '../i18n';
import { readable } from '../i18n/erased';
import { accountName, admitBody, admitLacks, isAccountName, profileBody, profileLacks, profileOf, timeZones } from './model';
import { People } from './People';
import { ChangeProfile } from './ProfileForm';

vi.setConfig({ testTimeout: 30_000 });
beforeAll(() => import('./RoleForms'), 30_000);
// The browser of the tests is slow to draw hundreds of zones.
vi.spyOn(Intl, 'supportedValuesOf').mockReturnValue(['America/New_York', 'Europe/Vienna']);
afterEach(() => vi.unstubAllGlobals());

const body = (part: Partial<BodyDetail> = {}): BodyDetail => {
  if (!session.body) throw new Error('The sample session speaks for a body');
  return {
    ...session.body,
    version: 7,
    acronym: null,
    legalBasis: 'Act 1 of 2020',
    timeZone: 'Europe/Vienna',
    members: [],
    children: [],
    chairs: [],
    focalPoints: [{ subject: 'Victims', office: 'Referral unit' }],
    facts: [],
    agreements: [],
    people: [
      {
        account: 'a-7f3kq2xw',
        signInName: 'ruritania-coordinator',
        name: 'Coordinator of Ruritania',
        role: 'coordinator',
        isInvited: false,
      },
      { account: 'a-22222222', signInName: 'anna.k', name: 'Anna K.', role: 'contributor', isInvited: false },
    ],
    leftOpen: [],
    verbs: ['change-profile', 'grant-role'],
    ...part,
  };
};
const receipt = { id: 'ruritania', version: 8, position: 12 };
const sent = (calls: Call[]) => calls.filter((call) => call.method !== 'GET').map(({ method, path, body }) => ({ method, path, body }));

describe('a profile', () => {
  const seen = profileOf(body());

  it('sends what changed and nothing else', () => {
    expect(profileBody(seen, seen)).toEqual({});
    expect(profileBody({ ...seen, name: ' Ruritania ', acronym: ' RU ' }, seen)).toEqual({ acronym: 'RU' });
    expect(profileBody({ ...seen, legalBasis: '', timeZone: 'UTC' }, seen)).toEqual({ legalBasis: '', timeZone: 'UTC' });
    expect(profileBody({ ...seen, focalPoints: [...seen.focalPoints, { subject: ' ', office: '' }] }, seen)).toEqual({});
    expect(profileBody({ ...seen, focalPoints: [] }, seen)).toEqual({ focalPoints: [] });
  });

  it('says which field lacks something', () => {
    const half = [
      { subject: 'Victims', office: '' },
      { subject: '', office: '' },
      { subject: '', office: 'Unit' },
    ];
    expect(profileLacks({ ...seen, name: ' ', timeZone: null, focalPoints: half }, seen)).toEqual([
      'name',
      'timeZone',
      'focalPoints/0/office',
      'focalPoints/2/subject',
    ]);
    expect(profileLacks({ ...seen, timeZone: null }, { ...seen, timeZone: null })).toEqual([]);
  });

  it('leaves a field empty whose text was erased, and asks for it only when its part is changed', async () => {
    await startI18n('en');
    const answer = { legalBasis: '[erased]', focalPoints: [{ subject: 'Victims', office: '[erased]' }] };
    const erased = profileOf(body(readable(answer)));
    expect(erased).toMatchObject({ legalBasis: '', focalPoints: [{ subject: 'Victims', office: '' }] });
    const named = { ...erased, acronym: 'RU' };
    expect([profileBody(named, erased), profileLacks(named, erased)]).toEqual([{ acronym: 'RU' }, []]);
    const changed = { ...erased, focalPoints: [...erased.focalPoints, { subject: 'Training', office: 'Unit 2' }] };
    expect(profileLacks(changed, erased)).toEqual(['focalPoints/0/office']);
  });

  it('offers the zones that are known, UTC and its own, each once', () => {
    expect(timeZones(['America/New_York', 'Europe/Vienna'], 'Asia/Calcutta').map((zone) => zone.name)).toEqual([
      'America/New York',
      'Asia/Calcutta',
      'Europe/Vienna',
      'UTC',
    ]);
  });
});

it('knows how accounts are named', () => {
  expect(accountName(' Anna.K ')).toBe('anna.k');
  expect(['anna.k', 'a-1', 'x'].every(isAccountName)).toBe(true);
  expect(['', 'anna k', '.anna', 'anna..k', 'آنا', 'a'.repeat(81)].some(isAccountName)).toBe(false);
});

it('changes the profile with the version that the writer sees', async () => {
  const calls = serve((call) => ({ body: call.method === 'GET' ? body() : receipt }));
  const onClose = vi.fn();
  await show(<ChangeProfile body={body()} onClose={onClose} />);
  const user = userEvent.setup();
  await user.type(await screen.findByTestId('profile-acronym'), 'RU');
  const zone = screen.getByTestId('profile-time-zone');
  expect(zone).toHaveValue('Europe/Vienna');
  await user.clear(zone);
  await user.type(zone, 'new york');
  await user.click(await screen.findByRole('option', { name: 'America/New York' }));
  await user.click(screen.getByTestId('point-add'));
  await user.type(screen.getAllByTestId('point-subject')[1] as HTMLElement, 'Data');
  await user.click(screen.getByTestId('profile-send'));
  expect(screen.getAllByTestId('point-office')[1]).toHaveFocus();
  expect(screen.getByText('Say which office it is.')).toBeVisible();
  await user.type(screen.getAllByTestId('point-office')[1] as HTMLElement, 'Statistics');
  await user.click(screen.getByTestId('profile-send'));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  const write = calls.find((call) => call.method === 'POST');
  expect(write?.headers['if-match']).toBe('"v7"');
  expect(write).toMatchObject({
    path: '/bodies/ruritania/profile',
    body: {
      acronym: 'RU',
      timeZone: 'America/New_York',
      focalPoints: [
        { subject: 'Victims', office: 'Referral unit' },
        { subject: 'Data', office: 'Statistics' },
      ],
    },
  });
});

it('points from the summary to the field that the platform refused', async () => {
  serve((call) =>
    call.method === 'GET'
      ? { body: body() }
      : {
          status: 400,
          body: {
            status: 400,
            detail: 'Some fields are not right; see errors.',
            errors: [{ pointer: '#/focalPoints/0/office', code: 'field.invalid', detail: 'Too long.' }],
          },
        },
  );
  await show(<ChangeProfile body={body()} onClose={() => undefined} />);
  const user = userEvent.setup();
  await user.type(await screen.findByTestId('point-office'), '!');
  await user.click(screen.getByTestId('profile-send'));
  const link = await screen.findByRole('link', { name: /too long/ });
  expect(document.getElementById(link.getAttribute('href')?.slice(1) ?? '')).toBe(screen.getByTestId('point-office'));
  expect(screen.getByTestId('point-office')).toHaveAccessibleDescription(/too long/);
});

it('shows the link of an invitation once, to be copied', async () => {
  const link = '/invitation#a-22222222.secret-once';
  const calls = serve((call) => ({ body: call.method === 'GET' ? body() : { ...receipt, link, expires: '2026-11-24T10:00:00Z' } }));
  await show(<People body={body()} />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('grant-role'));
  await user.type(await screen.findByTestId('grant-role-account'), 'New Person');
  await user.click(screen.getByTestId('grant-role-send'));
  expect(screen.getByText(/Give the account a name/)).toBeVisible();
  await user.clear(screen.getByTestId('grant-role-account'));
  await user.type(screen.getByTestId('grant-role-account'), 'New.Person');
  await user.type(screen.getByTestId('grant-role-name'), 'New Person');
  await user.click(within(screen.getByTestId('grant-role-observer')).getByRole('radio'));
  await user.click(screen.getByTestId('grant-role-send'));
  const address = `${window.location.origin}${link}`;
  expect(await screen.findByTestId('invitation-link')).toHaveValue(address);
  expect(screen.getByTestId('invitation-once')).toHaveTextContent('shown only now');
  await user.keyboard('{Escape}');
  await user.click(screen.getByTestId('invitation-copy'));
  expect(await navigator.clipboard.readText()).toBe(address);
  expect(await screen.findByText('Copied.')).toBeVisible();
  await user.click(screen.getByTestId('invitation-done'));
  await waitFor(() => expect(screen.queryByTestId('invitation-link')).toBeNull());
  expect(document.body.innerHTML).not.toContain('secret-once');
  expect(sent(calls)).toEqual([
    { method: 'POST', path: '/bodies/ruritania/invitations', body: { account: 'new.person', role: 'observer', displayName: 'New Person' } },
  ]);
});

it('gives whoever is invited and not here yet another link', async () => {
  const people = [{ account: 'a-33333333', signInName: 'slow.one', name: 'Slow One', role: 'observer' as const, isInvited: true }];
  const calls = serve((call) => ({
    body: call.method === 'GET' ? body({ people }) : { ...receipt, link: '/invitation#a-33333333.another' },
  }));
  await show(<People body={body({ people })} />);
  const user = userEvent.setup();
  expect(screen.getByTestId('person')).toHaveTextContent('Invited');
  await user.click(screen.getByRole('button', { name: 'New link for Slow One' }));
  await user.click(await screen.findByTestId('new-link-send'));
  expect(await screen.findByTestId('invitation-link')).toHaveValue(`${window.location.origin}/invitation#a-33333333.another`);
  expect(sent(calls).at(-1)).toEqual({
    method: 'POST',
    path: '/bodies/ruritania/invitations',
    body: { account: 'a-33333333' },
  });
});

it('closes at once when the account was there before', async () => {
  serve((call) => ({ body: call.method === 'GET' ? body() : receipt }));
  await show(<People body={body()} />);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('grant-role'));
  await user.type(await screen.findByTestId('grant-role-account'), 'anna.k');
  await user.click(screen.getByTestId('grant-role-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

it('revokes a role only after asking, and tells of a refusal', async () => {
  const answers = [
    { status: 409, body: { status: 409, code: 'body.last-coordinator', detail: "This is the body's last coordinator." } },
    { body: receipt },
  ];
  const calls = serve((call) => (call.method === 'GET' ? { body: body() } : (answers.shift() ?? 'away')));
  await show(<People body={body()} />);
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: 'Revoke the role of Coordinator of Ruritania' }));
  expect(await screen.findByText('This is your own account. You lose your own role.')).toBeVisible();
  expect(sent(calls)).toEqual([]);
  await user.click(screen.getByTestId('revoke-role-send'));
  expect(await screen.findByText(/^This is the body's last coordinator/)).toBeVisible();
  await user.keyboard('{Escape}');
  await user.click(await screen.findByRole('button', { name: 'Revoke the role of Anna K.' }));
  await user.click(await screen.findByTestId('revoke-role-send'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(sent(calls).at(-1)).toEqual({ method: 'DELETE', path: '/bodies/ruritania/roles/a-22222222', body: undefined });
});

it('lets those without a say read only', async () => {
  await show(<People body={body({ verbs: [] })} />);
  expect(screen.getAllByTestId('person')).toHaveLength(2);
  expect(screen.queryByTestId('grant-role')).toBeNull();
  expect(screen.queryByTestId('revoke-role')).toBeNull();
});

describe('admitting a body', () => {
  const form = { kind: '' as const, name: '', acronym: '', state: '', region: '', parent: null, timeZone: null, exercise: false };

  it('needs a kind and a name, and a code that can be one', () => {
    expect(admitLacks(form)).toEqual(['kind', 'name']);
    expect(admitLacks({ ...form, kind: 'task-force', name: 'A', state: 'FI' })).toEqual(['state']);
    expect(admitLacks({ ...form, kind: 'task-force', name: 'A', state: 'FIN' })).toEqual([]);
  });

  it('sends what was said, and nothing else', () => {
    expect(admitBody({ ...form, kind: 'task-force', name: ' Border team ', acronym: ' BT ' })).toEqual({
      kind: 'task-force',
      name: 'Border team',
      acronym: 'BT',
    });
    expect(admitBody({ ...form, kind: 'state', name: 'A', state: 'FIN', region: 'Europe', exercise: true })).toEqual({
      kind: 'state',
      name: 'A',
      state: 'FIN',
      region: 'Europe',
      exercise: true,
    });
  });
});
