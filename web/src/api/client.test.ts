import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sender, serve, session } from '../../tests/show';
import { changeLanguage, startI18n } from '../i18n';
import { type ApiError, carrySession, onConfirmAsked, post, read, remove } from './client';
import type { Sender } from './command';

const contact = { kind: 'information', subject: 'Contact' } as const;
let by: Sender;

beforeEach(async () => {
  await startI18n('en');
  by = await sender();
});
afterEach(() => {
  carrySession(null);
  vi.unstubAllGlobals();
});

it('reads an erased text as the reader’s word for it, however deep it lies', async () => {
  serve(() => ({
    body: {
      items: [{ title: '[erased]', reports: [{ note: null, progress: 40, evidence: ['register R-001', '[erased]'] }] }],
      summary: 'Ruritania moved “[erased]” and “[erased]”',
    },
  }));
  expect(await read('/milestones')).toEqual({
    items: [{ title: '(erased text)', reports: [{ note: null, progress: 40, evidence: ['register R-001', '(erased text)'] }] }],
    summary: 'Ruritania moved “(erased text)” and “(erased text)”',
  });
  await changeLanguage('ar');
  expect(await read('/milestones')).toMatchObject({ items: [{ title: '(نص محذوف)' }] });
});

it('reads it so in a refusal and in the answer to a write', async () => {
  serve((call) =>
    call.method === 'GET'
      ? { status: 409, body: { status: 409, code: 'plan.done', detail: '“[erased]” is done' } }
      : { body: { id: 'r1', version: 2, position: 3, note: '[erased]' } },
  );
  const refusal = await read('/plans/{id}', { path: { id: 'p' } }).catch((error: unknown) => error);
  expect((refusal as ApiError).problem.detail).toBe('“(erased text)” is done');
  expect(await post('/plans', { title: 'Plan' }, { by })).toMatchObject({ note: '(erased text)' });
});

it('says in which language the texts of a write are', async () => {
  const calls = serve(() => ({ status: 200, body: {} }));
  await post('/requests', contact, { by });
  await changeLanguage('ar');
  await post('/requests', contact, { by });
  await remove('/subscriptions/{id}', { path: { id: 's' }, by });
  await read('/requests');
  expect(calls.map((call) => call.headers['content-language'])).toEqual(['en', 'ar', undefined, undefined]);
});

it('says for which body it acts with every call except those about the session', async () => {
  const calls = serve(() => ({ status: 200, body: {} }));
  carrySession(session);
  await read('/plans');
  await post('/requests', contact, { by });
  await remove('/subscriptions/{id}', { path: { id: 's' }, by });
  await read('/session');
  await post('/session/body', { body: 'valdoria' });
  await remove('/session');
  expect(calls.map((call) => call.headers['acting-for'])).toEqual(['ruritania', 'ruritania', 'ruritania', undefined, undefined, undefined]);
  expect(calls.map((call) => call.headers['x-csrf-token'])).toEqual([undefined, 'token', 'token', undefined, 'token', 'token']);
});

it('acts for no body as an administrator and after the sign-out', async () => {
  const calls = serve(() => ({ status: 200, body: {} }));
  carrySession({ ...session, body: null });
  await post('/journal/erasures', { positions: [1], reason: 'Asked for' }, { by });
  carrySession(session);
  carrySession(null);
  await post('/plans', { title: 'Plan' }, { by });
  expect(calls.map((call) => [call.headers['acting-for'], call.headers['x-csrf-token']])).toEqual([
    [undefined, 'token'],
    [undefined, undefined],
  ]);
});

it('asks for the password where the platform wants it, and then sends the same once more', async () => {
  let given = false;
  const calls = serve(() => (given ? { body: { id: 'x' } } : { status: 403, body: { status: 403, code: 'session.confirm' } }));
  onConfirmAsked(async () => false);
  await expect(post('/bodies/{id}/roles', { account: 'anna' }, { path: { id: 'finland' }, by })).rejects.toMatchObject({
    code: 'session.confirm',
  });
  expect(calls).toHaveLength(1);
  onConfirmAsked(async () => {
    given = true;
    return true;
  });
  expect(await post('/bodies/{id}/roles', { account: 'anna' }, { path: { id: 'finland' }, by })).toEqual({ id: 'x' });
  expect(calls).toHaveLength(3);
  expect(calls[2]).toEqual(calls[1]);
});
