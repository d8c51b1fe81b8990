import type { FeedEntry, MeasureView, MilestoneNow, MilestoneView, PlanHead, PlanView, ReportView, RequestView } from '../src/api/types';
import { countMilestones } from '../src/live/patch';

/* Plain samples; a test names only what it is about. */

export function entry(position: number, part: Partial<FeedEntry> = {}): FeedEntry {
  return {
    position,
    at: '2026-11-23T10:00:00Z',
    type: 'plan.milestone-reported',
    body: 'ruritania',
    actor: 'a-7f3kq2xw',
    actorName: 'Coordinator of Ruritania',
    topics: ['plan/p', 'body/ruritania'],
    mark: 'community',
    subject: { kind: 'plan', id: 'p' },
    summary: 'Something changed',
    data: {},
    exercise: true,
    version: 1,
    ...part,
  };
}

export function milestone(part: Partial<MilestoneView> = {}): MilestoneView {
  return {
    id: 'm1',
    plan: 'p',
    planTitle: 'Plan',
    measure: 'a',
    body: 'ruritania',
    bodyName: 'Ruritania',
    state: 'XRU',
    pillar: 'training',
    lead: 'ruritania',
    title: 'Train 40 judges',
    due: '2026-11-14',
    baseline: '2026-11-14',
    status: 'in-progress',
    progress: 40,
    late: true,
    atRisk: false,
    exercise: true,
    measureTitle: 'Training',
    reportsToApprove: 0,
    verbs: ['report'],
    version: 5,
    ...part,
  };
}

export function planView(part: Partial<PlanView> = {}): PlanView {
  return {
    id: 'p',
    body: 'ruritania',
    bodyName: 'Ruritania',
    state: 'XRU',
    region: 'Meridia',
    title: 'Plan',
    iteration: null,
    status: 'under-implementation',
    period: null,
    mark: 'community',
    exercise: true,
    version: 5,
    milestones: { total: 1, done: 0, inProgress: 0, planned: 0, atRisk: 0, late: 1, cancelled: 0 },
    reportsToApprove: 0,
    ...part,
  };
}

/** How a milestone stands, as a change tells it. */
export function now(part: Partial<MilestoneNow> = {}): MilestoneNow {
  const { id, measure, status, progress, due, late, atRisk, version } = milestone();
  const inMeasure = { total: 1, done: 0, inProgress: 0, planned: 0, atRisk: 0, late: 1, cancelled: 0 };
  return { id, measure, status, progress, due, late, atRisk, version, inMeasure, ...part };
}

export function measure(milestones: readonly MilestoneView[] = [milestone()], part: Partial<MeasureView> = {}): MeasureView {
  return {
    id: 'a',
    pillar: 'training',
    title: 'Training',
    lead: 'ruritania',
    leadName: 'Ruritania',
    supporting: [],
    milestones: countMilestones(milestones),
    reportsToApprove: milestones.reduce((sum, one) => sum + one.reportsToApprove, 0),
    verbs: [],
    version: 4,
    ...part,
  };
}

/** The head of a plan that has one measure with these milestones. */
export function plan(milestones: readonly MilestoneView[], part: Partial<PlanHead> = {}): PlanHead {
  const { pillar, milestones: counts, reportsToApprove } = measure(milestones);
  return {
    ...planView(),
    milestones: counts,
    changed: 5,
    measures: 1,
    pillars: [{ pillar, measures: 1, milestones: counts, reportsToApprove }],
    verbs: [],
    timeZone: 'UTC',
    today: '2026-11-23',
    ...part,
  };
}

export function report(part: Partial<ReportView> = {}): ReportView {
  return {
    id: 'r1',
    milestone: 'm1',
    body: 'ruritania',
    actor: 'a-1',
    at: '2026-11-20T10:00:00Z',
    state: 'submitted',
    status: 'done',
    progress: 100,
    evidence: [],
    verbs: [],
    version: 4,
    ...part,
  };
}

export function request(part: Partial<RequestView> = {}): RequestView {
  return {
    id: 'r1',
    from: 'valdoria',
    fromName: 'Valdoria',
    to: ['ruritania'],
    toNames: ['Ruritania'],
    kind: 'information',
    subject: 'Contact for a joint team',
    mark: 'parties',
    urgency: 'routine',
    status: 'open',
    neededBy: '2026-12-01',
    clarifying: false,
    late: false,
    exercise: true,
    version: 1,
    openedAt: '2026-11-13T08:00:00Z',
    changedAt: '2026-11-13T08:00:00Z',
    verbs: [],
    ...part,
  };
}
