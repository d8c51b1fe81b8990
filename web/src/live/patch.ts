import type { FeedEntry, MeasureView, MilestoneCounts, MilestoneView, Page, RequestStatus, RequestView } from '../api/types';
import { requestStatuses } from '../api/types';

/*
 * What a change says of things already on the screen is put there at once, before any read. Of a milestone and of a request it applies only to what is
 * older than the change. A change tells all that is shown of its milestone, so nothing is read again, but after an approval, which tells nobody
 * how many reports still wait; of a request the read that follows brings the rest. A change tells too how the milestones of the measure stand when it is
 * told. A measure's version says nothing of that: a read of it that was under way is made again (`overtaken`), and so is one of a milestone.
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
  id?: string;
  plan?: string;
}

/** The version that was read, or the newer change that was put on top. */
export const shownAt = (thing: Versioned): number => Math.max(thing.version ?? 0, thing.patchedAt ?? 0);

const requestStatus = (text: string | undefined): RequestStatus | null => requestStatuses.find((one) => one === text) ?? null;

/** The milestone as the change left it, or the same object when the change is not about it or not newer. */
export function patchMilestone(milestone: MilestoneView, entry: FeedEntry): MilestoneView {
  const now = entry.milestone;
  if (!now || entry.subject.kind !== 'plan' || milestone.plan !== entry.subject.id || milestone.id !== now.id) return milestone;
  if (milestone.version >= now.version) return milestone;
  const closed = now.status === 'done' || now.status === 'cancelled';
  return {
    ...milestone,
    status: now.status,
    progress: now.progress,
    due: now.due,
    late: now.late,
    atRisk: now.atRisk,
    version: now.version,
    reported: now.reported ?? null,
    // An approval is told to more people than see what waits. The read that follows says how many do still.
    reportsToApprove: now.reportsToApprove ?? Math.max(0, milestone.reportsToApprove - (entry.type === 'plan.report-approved' ? 1 : 0)),
    verbs: closed ? milestone.verbs.filter((verb) => verb !== 'reschedule') : milestone.verbs,
  };
}

/** The measures of a plan, with how the milestones of one of them stand since the change. Reports that wait are counted by reads alone. */
export function patchMeasures(page: Page<MeasureView>, entry: FeedEntry): Page<MeasureView> {
  const now = entry.milestone;
  if (!now || !page.items.some((measure) => measure.id === now.measure)) return page;
  const items = page.items.map((measure) =>
    measure.id === now.measure
      ? {
          ...measure,
          milestones: now.inMeasure,
          version: entry.type === 'plan.milestone-added' ? Math.max(measure.version, entry.version) : measure.version,
        }
      : measure,
  );
  return { ...page, items };
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
const hasVersion = (value: Versioned): boolean => value.version !== undefined;
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
  return sameThing(old, fresh) ? newerOf(old, fresh) : fresh;
}

function newerOf<T extends Versioned>(old: T | undefined, fresh: T): T {
  return old && hasVersion(old) && hasVersion(fresh) && shownAt(old) > shownAt(fresh) ? old : fresh;
}
