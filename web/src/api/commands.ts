import { commandKey, post, remove } from './client';
import type { BodyOf, PathOf } from './operations';
import type {
  AdmitBody,
  ChangeProfile,
  Day,
  DraftPlan,
  FormGroup,
  Mark,
  OpenRequest,
  PlanStatus,
  ReportProgress,
  Role,
  Subscribe,
} from './types';

/** What can be done with a request, by the end of its path. */
export type RequestVerb = PathOf<'post'> extends infer P ? (P extends `/requests/{id}/${infer Verb}` ? Verb : never) : never;
export type RequestVerbBody = { [V in RequestVerb]: BodyOf<`/requests/{id}/${V}`> }[RequestVerb];

/** Every write of the dashboard. `version` is what the sender saw. */
export const commands = {
  signIn: (account: string, password: string) => post('/session', { account, password }),
  /** Acts for another of the account's bodies from now on. */
  actFor: (body: string) => post('/session/body', { body }),
  /** Gives one's password again. */
  confirmPassword: (password: string) => post('/session/confirm', { password }),
  changePassword: (current: string, chosen: string) => post('/session/password', { current, new: chosen }),
  signOut: () => remove('/session'),
  endSession: (account: string, session: string) => remove('/accounts/{id}/sessions/{session}', { path: { id: account, session } }),
  nameAccount: (id: string, displayName: string, key = commandKey()) => post('/accounts/{id}/name', { displayName }, { path: { id }, key }),
  askReset: (id: string, key = commandKey()) => post('/accounts/{id}/reset', undefined, { path: { id }, key }),
  agreeToReset: (id: string, key = commandKey()) => post('/accounts/{id}/reset/agree', undefined, { path: { id }, key }),
  makeResetLink: (id: string, key = commandKey()) => post('/accounts/{id}/reset/link', undefined, { path: { id }, key }),
  dropReset: (id: string, key = commandKey()) => remove('/accounts/{id}/reset', { path: { id }, key }),
  eraseAccount: (id: string, key = commandKey()) => remove('/accounts/{id}', { path: { id }, key }),

  report: (id: string, milestone: string, version: number, body: ReportProgress, key = commandKey()) =>
    post('/plans/{id}/milestones/{milestone}/reports', body, { path: { id, milestone }, ifMatch: version, key }),
  submitReport: (id: string, report: string, version: number, body: BodyOf<'/plans/{id}/reports/{report}/submit'>, key = commandKey()) =>
    post('/plans/{id}/reports/{report}/submit', body, { path: { id, report }, ifMatch: version, key }),
  approve: (id: string, report: string, version: number, key = commandKey()) =>
    post('/plans/{id}/reports/{report}/approve', undefined, { path: { id, report }, ifMatch: version, key }),
  returnReport: (id: string, report: string, version: number, reason: string, key = commandKey()) =>
    post('/plans/{id}/reports/{report}/return', { reason }, { path: { id, report }, ifMatch: version, key }),
  reschedule: (id: string, milestone: string, version: number, due: Day, reason: string, key = commandKey()) =>
    post('/plans/{id}/milestones/{milestone}/due', { due, reason }, { path: { id, milestone }, ifMatch: version, key }),
  addMeasure: (id: string, version: number, body: BodyOf<'/plans/{id}/measures'>, key = commandKey()) =>
    post('/plans/{id}/measures', body, { path: { id }, ifMatch: version, key }),
  addMilestone: (
    id: string,
    measure: string,
    version: number,
    body: BodyOf<'/plans/{id}/measures/{measure}/milestones'>,
    key = commandKey(),
  ) => post('/plans/{id}/measures/{measure}/milestones', body, { path: { id, measure }, ifMatch: version, key }),
  changePlanStatus: (id: string, version: number, status: PlanStatus, key = commandKey()) =>
    post('/plans/{id}/status', { status }, { path: { id }, ifMatch: version, key }),
  draftPlan: (body: DraftPlan, key = commandKey()) => post('/plans', body, { key }),

  openRequest: (body: OpenRequest, key = commandKey()) => post('/requests', body, { key }),
  requestVerb: (id: string, verb: RequestVerb, version: number, body: RequestVerbBody, key = commandKey()) =>
    // Which fields go with which verb is said by the form that asks for them.
    post(`/requests/{id}/${verb}` as '/requests/{id}/answer', body as BodyOf<'/requests/{id}/answer'>, {
      path: { id },
      ifMatch: version,
      key,
    }),

  shareUpdate: (id: string, body: { text: string; mark?: Mark; replyTo?: string }, key = commandKey()) =>
    post('/groups/{id}/updates', body, { path: { id }, key }),
  inviteMember: (id: string, body: string, key = commandKey()) => post('/groups/{id}/members', { body }, { path: { id }, key }),
  joinGroup: (id: string, key = commandKey()) => post('/groups/{id}/join', undefined, { path: { id }, key }),
  removeMember: (id: string, body: string, key = commandKey()) => remove('/groups/{id}/members/{body}', { path: { id, body }, key }),
  appointChair: (id: string, term: BodyOf<'/groups/{id}/chairs'>, key = commandKey()) =>
    post('/groups/{id}/chairs', term, { path: { id }, key }),
  formGroup: (body: FormGroup, key = commandKey()) => post('/groups', body, { key }),

  admitBody: (body: AdmitBody, key = commandKey()) => post('/bodies', body, { key }),
  changeProfile: (id: string, version: number, profile: ChangeProfile, key = commandKey()) =>
    post('/bodies/{id}/profile', profile, { path: { id }, ifMatch: version, key }),
  /** Gives a person a role in a body, or leaves the one there is, and a link where the person has no password yet. */
  invite: (id: string, grant: { account: string; role?: Role; displayName?: string }, key = commandKey()) =>
    post('/bodies/{id}/invitations', grant, { path: { id }, key }),
  acceptInvitation: (token: string, password: string, displayName: string) => post('/invitations/accept', { token, password, displayName }),
  revokeRole: (id: string, account: string, key = commandKey()) => remove('/bodies/{id}/roles/{account}', { path: { id, account }, key }),

  subscribe: (body: Subscribe, key = commandKey()) => post('/subscriptions', body, { key }),
  unsubscribe: (id: string, key = commandKey()) => remove('/subscriptions/{id}', { path: { id }, key }),
  readInbox: (upTo: number, key = commandKey()) => post('/inbox/read', { upTo }, { key }),
};
