import { commandKey, type WriteOptions, write } from './client';
import type {
  AdmitBody,
  ChangeProfile,
  Day,
  DraftPlan,
  FormGroup,
  InvitationReceipt,
  Mark,
  MilestoneStatus,
  OpenRequest,
  Pillar,
  PlanStatus,
  Receipt,
  ReportProgress,
  Role,
  Session,
  Subscribe,
} from './types';

const encode = encodeURIComponent;
const command = (path: string, body: unknown, options: WriteOptions = {}): Promise<Receipt> =>
  write<Receipt>(path, body, { key: commandKey(), ...options });

/** Every write of the dashboard. `version` is what the sender saw. */
export const commands = {
  signIn: (account: string, password: string) => write<Session>('/session', { account, password }),
  /** Acts for another of the account's bodies from now on. */
  actFor: (body: string) => write<Session>('/session/body', { body }),
  /** Gives one's password again. */
  confirmPassword: (password: string) => write<void>('/session/confirm', { password }),
  changePassword: (current: string, chosen: string) => write<void>('/session/password', { current, new: chosen }),
  endSession: (account: string, id: string) =>
    write<void>(`/accounts/${encode(account)}/sessions/${encode(id)}`, undefined, { method: 'DELETE' }),
  nameAccount: (account: string, displayName: string, key: string = commandKey()) =>
    command(`/accounts/${encode(account)}/name`, { displayName }, { key }),
  askReset: (account: string, key: string = commandKey()) => command(`/accounts/${encode(account)}/reset`, undefined, { key }),
  agreeToReset: (account: string, key: string = commandKey()) => command(`/accounts/${encode(account)}/reset/agree`, undefined, { key }),
  makeResetLink: (account: string, key: string = commandKey()) =>
    write<InvitationReceipt>(`/accounts/${encode(account)}/reset/link`, undefined, { key }),
  dropReset: (account: string, key: string = commandKey()) =>
    command(`/accounts/${encode(account)}/reset`, undefined, { method: 'DELETE', key }),
  eraseAccount: (account: string, key: string = commandKey()) =>
    command(`/accounts/${encode(account)}`, undefined, { method: 'DELETE', key }),
  signOut: () => write<void>('/session', undefined, { method: 'DELETE' }),

  report: (plan: string, milestone: string, version: number, body: ReportProgress, key: string = commandKey()) =>
    command(`/plans/${encode(plan)}/milestones/${encode(milestone)}/reports`, body, { ifMatch: version, key }),
  submitReport: (
    plan: string,
    report: string,
    version: number,
    body: { status?: MilestoneStatus; progress?: number; note?: string; evidence?: string[] },
  ) => command(`/plans/${encode(plan)}/reports/${encode(report)}/submit`, body, { ifMatch: version }),
  approve: (plan: string, report: string, version: number) =>
    command(`/plans/${encode(plan)}/reports/${encode(report)}/approve`, {}, { ifMatch: version }),
  returnReport: (plan: string, report: string, version: number, reason: string) =>
    command(`/plans/${encode(plan)}/reports/${encode(report)}/return`, { reason }, { ifMatch: version }),
  reschedule: (plan: string, milestone: string, version: number, due: Day, reason: string) =>
    command(`/plans/${encode(plan)}/milestones/${encode(milestone)}/due`, { due, reason }, { ifMatch: version }),
  addMeasure: (plan: string, version: number, body: { pillar: Pillar; title: string; lead?: string; supporting?: string[] }) =>
    command(`/plans/${encode(plan)}/measures`, body, { ifMatch: version }),
  addMilestone: (plan: string, measure: string, version: number, body: { title: string; due: Day }) =>
    command(`/plans/${encode(plan)}/measures/${encode(measure)}/milestones`, body, { ifMatch: version }),
  changePlanStatus: (plan: string, version: number, status: PlanStatus) =>
    command(`/plans/${encode(plan)}/status`, { status }, { ifMatch: version }),
  draftPlan: (body: DraftPlan, key: string = commandKey()) => command('/plans', body, { key }),

  openRequest: (body: OpenRequest, key: string = commandKey()) => command('/requests', body, { key }),
  requestVerb: (id: string, verb: string, version: number, body: Record<string, unknown> = {}) =>
    command(`/requests/${encode(id)}/${encode(verb)}`, body, { ifMatch: version }),

  shareUpdate: (group: string, body: { text: string; mark?: Mark; replyTo?: string }, key: string = commandKey()) =>
    command(`/groups/${encode(group)}/updates`, body, { key }),
  inviteMember: (group: string, body: string, key: string = commandKey()) => command(`/groups/${encode(group)}/members`, { body }, { key }),
  joinGroup: (group: string, key: string = commandKey()) => command(`/groups/${encode(group)}/join`, undefined, { key }),
  removeMember: (group: string, body: string, key: string = commandKey()) =>
    command(`/groups/${encode(group)}/members/${encode(body)}`, undefined, { method: 'DELETE', key }),
  appointChair: (group: string, term: { body: string; from: Day; to?: Day }, key: string = commandKey()) =>
    command(`/groups/${encode(group)}/chairs`, term, { key }),
  formGroup: (body: FormGroup, key: string = commandKey()) => command('/groups', body, { key }),

  admitBody: (body: AdmitBody, key: string = commandKey()) => command('/bodies', body, { key }),
  changeProfile: (body: string, version: number, profile: ChangeProfile, key: string = commandKey()) =>
    command(`/bodies/${encode(body)}/profile`, profile, { ifMatch: version, key }),
  /** Gives a person a role in a body, or leaves the one there is, and a link where the person has no password yet. */
  invite: (body: string, grant: { account: string; role?: Role; displayName?: string }, key: string = commandKey()) =>
    write<InvitationReceipt>(`/bodies/${encode(body)}/invitations`, grant, { key }),
  acceptInvitation: (token: string, password: string, displayName: string) =>
    write<Session>('/invitations/accept', { token, password, displayName }),
  revokeRole: (body: string, account: string, key: string = commandKey()) =>
    command(`/bodies/${encode(body)}/roles/${encode(account)}`, undefined, { method: 'DELETE', key }),

  subscribe: (body: Subscribe) => command('/subscriptions', body),
  unsubscribe: (id: string) => command(`/subscriptions/${encode(id)}`, undefined, { method: 'DELETE' }),
  readInbox: (upTo: number) => command('/inbox/read', { upTo }),
};
