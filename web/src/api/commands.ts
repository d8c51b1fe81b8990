import { post, remove } from './client';
import type { Sender } from './command';
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

/** Every write of the dashboard. `version` is what the sender saw, `by` the hook `useCommand` that sends it. */
export const commands = {
  signIn: (account: string, password: string) => post('/session', { account, password }),
  /** Acts for another of the account's bodies from now on. */
  actFor: (body: string) => post('/session/body', { body }),
  /** Gives one's password again. */
  confirmPassword: (password: string) => post('/session/confirm', { password }),
  changePassword: (current: string, chosen: string) => post('/session/password', { current, new: chosen }),
  signOut: () => remove('/session'),
  endSession: (account: string, session: string) => remove('/accounts/{id}/sessions/{session}', { path: { id: account, session } }),
  nameAccount: (id: string, displayName: string, by: Sender) => post('/accounts/{id}/name', { displayName }, { path: { id }, by }),
  askReset: (id: string, by: Sender) => post('/accounts/{id}/reset', undefined, { path: { id }, by }),
  agreeToReset: (id: string, by: Sender) => post('/accounts/{id}/reset/agree', undefined, { path: { id }, by }),
  makeResetLink: (id: string, by: Sender) => post('/accounts/{id}/reset/link', undefined, { path: { id }, by }),
  dropReset: (id: string, by: Sender) => remove('/accounts/{id}/reset', { path: { id }, by }),
  eraseAccount: (id: string, by: Sender) => remove('/accounts/{id}', { path: { id }, by }),

  report: (id: string, milestone: string, version: number, body: ReportProgress, by: Sender) =>
    post('/plans/{id}/milestones/{milestone}/reports', body, { path: { id, milestone }, ifMatch: version, by }),
  submitReport: (id: string, report: string, version: number, body: BodyOf<'/plans/{id}/reports/{report}/submit'>, by: Sender) =>
    post('/plans/{id}/reports/{report}/submit', body, { path: { id, report }, ifMatch: version, by }),
  approve: (id: string, report: string, version: number, by: Sender) =>
    post('/plans/{id}/reports/{report}/approve', undefined, { path: { id, report }, ifMatch: version, by }),
  returnReport: (id: string, report: string, version: number, reason: string, by: Sender) =>
    post('/plans/{id}/reports/{report}/return', { reason }, { path: { id, report }, ifMatch: version, by }),
  reschedule: (id: string, milestone: string, version: number, due: Day, reason: string, by: Sender) =>
    post('/plans/{id}/milestones/{milestone}/due', { due, reason }, { path: { id, milestone }, ifMatch: version, by }),
  addMeasure: (id: string, version: number, body: BodyOf<'/plans/{id}/measures'>, by: Sender) =>
    post('/plans/{id}/measures', body, { path: { id }, ifMatch: version, by }),
  addMilestone: (id: string, measure: string, version: number, body: BodyOf<'/plans/{id}/measures/{measure}/milestones'>, by: Sender) =>
    post('/plans/{id}/measures/{measure}/milestones', body, { path: { id, measure }, ifMatch: version, by }),
  /** `seen` is how far the sender has looked at the plan's parts. */
  changePlanStatus: (id: string, version: number, status: PlanStatus, seen: number, by: Sender) =>
    post('/plans/{id}/status', { status, seen }, { path: { id }, ifMatch: version, by }),
  draftPlan: (body: DraftPlan, by: Sender) => post('/plans', body, { by }),

  openRequest: (body: OpenRequest, by: Sender) => post('/requests', body, { by }),
  requestVerb: (id: string, verb: RequestVerb, version: number, body: RequestVerbBody, by: Sender) =>
    // Which fields go with which verb is said by the form that asks for them.
    post(`/requests/{id}/${verb}` as '/requests/{id}/answer', body as BodyOf<'/requests/{id}/answer'>, {
      path: { id },
      ifMatch: version,
      by,
    }),

  shareUpdate: (id: string, body: { text: string; mark?: Mark; replyTo?: string }, by: Sender) =>
    post('/groups/{id}/updates', body, { path: { id }, by }),
  inviteMember: (id: string, body: string, by: Sender) => post('/groups/{id}/members', { body }, { path: { id }, by }),
  joinGroup: (id: string, by: Sender) => post('/groups/{id}/join', undefined, { path: { id }, by }),
  removeMember: (id: string, body: string, by: Sender) => remove('/groups/{id}/members/{body}', { path: { id, body }, by }),
  appointChair: (id: string, term: BodyOf<'/groups/{id}/chairs'>, by: Sender) => post('/groups/{id}/chairs', term, { path: { id }, by }),
  formGroup: (body: FormGroup, by: Sender) => post('/groups', body, { by }),

  admitBody: (body: AdmitBody, by: Sender) => post('/bodies', body, { by }),
  changeProfile: (id: string, version: number, profile: ChangeProfile, by: Sender) =>
    post('/bodies/{id}/profile', profile, { path: { id }, ifMatch: version, by }),
  /** Gives a person a role in a body, or leaves the one there is, and a link where the person has no password yet. */
  invite: (id: string, grant: { account: string; role?: Role; displayName?: string }, by: Sender) =>
    post('/bodies/{id}/invitations', grant, { path: { id }, by }),
  acceptInvitation: (token: string, password: string, displayName: string) => post('/invitations/accept', { token, password, displayName }),
  revokeRole: (id: string, account: string, by: Sender) => remove('/bodies/{id}/roles/{account}', { path: { id, account }, by }),

  subscribe: (body: Subscribe, by: Sender) => post('/subscriptions', body, { by }),
  unsubscribe: (id: string, by: Sender) => remove('/subscriptions/{id}', { path: { id }, by }),
  readInbox: (upTo: number, by: Sender) => post('/inbox/read', { upTo }, { by }),
};
