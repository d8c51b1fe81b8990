import { commandKey, type WriteOptions, write } from './client';
import type { Day, Mark, MilestoneStatus, OpenRequest, Pillar, PlanStatus, Receipt, ReportProgress, Session, Subscribe } from './types';

const encode = encodeURIComponent;
const command = (path: string, body: unknown, options: WriteOptions = {}): Promise<Receipt> =>
  write<Receipt>(path, body, { key: commandKey(), ...options });

/** Every write of the dashboard. `version` is what the sender saw. */
export const commands = {
  signIn: (account: string, password: string) => write<Session>('/session', { account, password }),
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
  draftPlan: (body: { title: string; iteration?: string; period?: { from?: Day; to?: Day }; mark?: Mark }) => command('/plans', body),

  openRequest: (body: OpenRequest, key: string = commandKey()) => command('/requests', body, { key }),
  requestVerb: (id: string, verb: string, version: number, body: Record<string, unknown> = {}) =>
    command(`/requests/${encode(id)}/${encode(verb)}`, body, { ifMatch: version }),

  shareUpdate: (group: string, body: { text: string; mark?: Mark; replyTo?: string }, key: string = commandKey()) =>
    command(`/groups/${encode(group)}/updates`, body, { key }),
  addMember: (group: string, body: string) => command(`/groups/${encode(group)}/members`, { body }),
  removeMember: (group: string, body: string) =>
    command(`/groups/${encode(group)}/members/${encode(body)}`, undefined, { method: 'DELETE' }),
  appointChair: (group: string, body: string, from: Day, to?: Day) =>
    command(`/groups/${encode(group)}/chairs`, { body, from, ...(to ? { to } : {}) }),
  formGroup: (body: { name: string; members?: string[]; note?: string }) => command('/groups', body),

  subscribe: (body: Subscribe) => command('/subscriptions', body),
  unsubscribe: (id: string) => command(`/subscriptions/${encode(id)}`, undefined, { method: 'DELETE' }),
  readInbox: (upTo: number) => command('/inbox/read', { upTo }),
};
