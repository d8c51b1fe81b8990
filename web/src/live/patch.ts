import type {
  FeedEntry,
  MilestoneCounts,
  MilestoneStatus,
  MilestoneView,
  Page,
  PlanDetail,
  RequestStatus,
  RequestView,
} from '../api/types';
import { milestoneStatuses, requestStatuses } from '../api/types';

/*
 * What a change says of things already on the screen is put there at once, before any read. A patch never goes back in time:
 * it applies only to what is older than the change. The read that follows brings the rest.
 */

/**
 * The newest change that was put on top of what was read. The version stays that of the read: the rest of the change is not shown yet, and a
 * write must not claim to have seen it.
 */
export interface Patched {
  patchedAt?: number;
}

interface Versioned extends Patched {
  version?: number;
  planVersion?: number;
  id?: string;
  plan?: string;
}

/** The version that was read, or the newer change that was put on top. */
export const shownAt = (thing: Versioned): number => Math.max(thing.version ?? thing.planVersion ?? 0, thing.patchedAt ?? 0);

const milestoneStatus = (text: string | undefined): MilestoneStatus | null => milestoneStatuses.find((one) => one === text) ?? null;
const requestStatus = (text: string | undefined): RequestStatus | null => requestStatuses.find((one) => one === text) ?? null;

/** The milestone as the change left it, or the same object when the change is not about it or not newer. */
export function patchMilestone(milestone: MilestoneView & Patched, entry: FeedEntry): MilestoneView & Patched {
  if (entry.subject.kind !== 'plan' || milestone.plan !== entry.subject.id || milestone.id !== entry.data.milestone) return milestone;
  if (shownAt(milestone) >= entry.version) return milestone;
  if (entry.type === 'plan.milestone-reported') {
    const status = milestoneStatus(entry.data.status);
    if (!status) return milestone;
    const given = Number(entry.data.progress);
    const progress = entry.data.progress !== undefined && Number.isFinite(given) ? given : status === 'done' ? 100 : milestone.progress;
    const closed = status === 'done' || status === 'cancelled';
    return {
      ...milestone,
      status,
      progress,
      late: milestone.late && !closed,
      atRisk: milestone.atRisk && !closed && status === milestone.status,
      patchedAt: entry.version,
    };
  }
  return milestone;
}

type Kind = keyof Omit<MilestoneCounts, 'total'>;

/** Late and at-risk ones are counted there and nowhere else. */
export function countKind(milestone: Pick<MilestoneView, 'status' | 'late' | 'atRisk'>): Kind {
  if (milestone.status === 'done') return 'done';
  if (milestone.status === 'cancelled') return 'cancelled';
  if (milestone.late) return 'late';
  if (milestone.atRisk) return 'atRisk';
  return milestone.status === 'in-progress' ? 'inProgress' : 'planned';
}

export function countMilestones(milestones: readonly Pick<MilestoneView, 'status' | 'late' | 'atRisk'>[]): MilestoneCounts {
  const counts: MilestoneCounts = { total: milestones.length, done: 0, inProgress: 0, planned: 0, atRisk: 0, late: 0, cancelled: 0 };
  for (const milestone of milestones) counts[countKind(milestone)] += 1;
  return counts;
}

export function patchPlanDetail(plan: PlanDetail, entry: FeedEntry): PlanDetail {
  if (entry.subject.kind !== 'plan' || entry.subject.id !== plan.id || plan.version >= entry.version) return plan;
  let changed = false;
  const measures = plan.measures.map((measure) => {
    const milestones = measure.milestones.map((milestone) => patchMilestone(milestone, entry));
    if (milestones.every((milestone, at) => milestone === measure.milestones[at])) return measure;
    changed = true;
    return { ...measure, milestones };
  });
  if (!changed) return plan;
  // The version stays: only the read brings all that this version holds.
  return { ...plan, measures, milestones: countMilestones(measures.flatMap((measure) => measure.milestones)) };
}

export function patchMilestonePage(page: Page<MilestoneView>, entry: FeedEntry): Page<MilestoneView> {
  const items = page.items.map((milestone) => patchMilestone(milestone, entry));
  return items.every((milestone, at) => milestone === page.items[at]) ? page : { ...page, items };
}

export function patchRequest<T extends RequestView & Patched>(request: T, entry: FeedEntry): T {
  if (entry.subject.kind !== 'request' || entry.subject.id !== request.id || shownAt(request) >= entry.version) return request;
  const status = requestStatus(entry.data.status) ?? statusOfFact[entry.type];
  // A read which left before the change cannot undo it; one of its version brings the rest.
  return status ? { ...request, status, patchedAt: entry.version } : request;
}

const statusOfFact: Partial<Record<string, RequestStatus>> = {
  'request.accepted': 'accepted',
  'request.declined': 'declined',
  'request.answered': 'answered',
  'request.confirmed': 'confirmed',
  'request.withdrawn': 'withdrawn',
  'request.expired': 'expired',
};

export function patchRequestPage(page: Page<RequestView>, entry: FeedEntry): Page<RequestView> {
  const items = page.items.map((request) => patchRequest(request, entry));
  return items.every((request, at) => request === page.items[at]) ? page : { ...page, items };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const hasVersion = (value: Versioned): boolean => (value.version ?? value.planVersion) !== undefined;
const sameThing = (a: Versioned, b: Versioned): boolean => a.id === b.id && a.plan === b.plan;

/** A read that left before a push arrived must not undo it: of two forms of the same thing the newer version stays. */
export function keepNewer(old: unknown, fresh: unknown): unknown {
  if (!isObject(old) || !isObject(fresh)) return fresh;
  if (Array.isArray(old.items) && Array.isArray(fresh.items)) {
    const before = new Map<string, Versioned>();
    for (const item of old.items) if (isObject(item) && hasVersion(item)) before.set(`${item.plan ?? ''}/${item.id}`, item);
    if (before.size === 0) return fresh;
    return { ...fresh, items: fresh.items.map((item: Versioned) => newerOf(before.get(`${item.plan ?? ''}/${item.id}`), item)) };
  }
  if (Array.isArray(old.measures) && Array.isArray(fresh.measures) && sameThing(old, fresh))
    return newerPlan(old as unknown as PlanDetail, fresh as unknown as PlanDetail);
  return sameThing(old, fresh) ? newerOf(old, fresh) : fresh;
}

function newerOf<T extends Versioned>(old: T | undefined, fresh: T): T {
  return old && hasVersion(old) && hasVersion(fresh) && shownAt(old) > shownAt(fresh) ? old : fresh;
}

function newerPlan(old: PlanDetail, fresh: PlanDetail): PlanDetail {
  if (old.version > fresh.version) return old;
  const before = new Map(old.measures.flatMap((measure) => measure.milestones).map((milestone) => [milestone.id, milestone]));
  let kept = false;
  const measures = fresh.measures.map((measure) => ({
    ...measure,
    milestones: measure.milestones.map((milestone) => {
      const newer = newerOf(before.get(milestone.id), milestone);
      if (newer !== milestone) kept = true;
      return newer;
    }),
  }));
  return kept ? { ...fresh, measures, milestones: countMilestones(measures.flatMap((measure) => measure.milestones)) } : fresh;
}
