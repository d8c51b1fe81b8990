import type { MilestoneView, RequestView } from '../api/types';
import { leadingVerb } from '../parts/request/model';

export type Need =
  | { kind: 'approve'; key: string; milestone: MilestoneView }
  | { kind: 'late' | 'at-risk'; key: string; milestone: MilestoneView }
  | { kind: 'request'; key: string; request: RequestView };

export const waitsForApproval = (milestone: MilestoneView): boolean => milestone.reportsToApprove > 0;

/** Things to do that the desk shows at most. */
export const mostNeeds = 7;

const urgency = { immediate: 0, urgent: 1, routine: 2 } as const;

/** At most seven things to do, a few of each kind rather than all of one: approvals, late ones, requests, at risk. */
export function needs(
  milestones: readonly MilestoneView[],
  toApprove: readonly MilestoneView[],
  requests: readonly RequestView[],
  most = mostNeeds,
): Need[] {
  const waiting = new Set(toApprove.map((milestone) => `${milestone.plan}/${milestone.id}`));
  const may = (milestone: MilestoneView) => milestone.verbs.includes('report') && !waiting.has(`${milestone.plan}/${milestone.id}`);
  const buckets: Need[][] = [
    milestones
      .filter((one) => one.late && may(one))
      .map((milestone) => ({ kind: 'late', key: `l/${milestone.plan}/${milestone.id}`, milestone })),
    toApprove.map((milestone) => ({ kind: 'approve', key: `a/${milestone.plan}/${milestone.id}`, milestone })),
    [...requests]
      .filter((request) => leadingVerb(request.verbs))
      .sort((a, b) => urgency[a.urgency] - urgency[b.urgency] || (a.neededBy ?? '9').localeCompare(b.neededBy ?? '9'))
      .map((request) => ({ kind: 'request', key: `r/${request.id}`, request })),
    milestones
      .filter((one) => one.atRisk && may(one))
      .map((milestone) => ({ kind: 'at-risk', key: `k/${milestone.plan}/${milestone.id}`, milestone })),
  ];
  const taken: Need[][] = buckets.map(() => []);
  for (let round = 0, count = 0; count < most && buckets.some((bucket) => bucket.length > round); round += 1)
    for (const [at, bucket] of buckets.entries()) {
      const need = bucket[round];
      if (need && count < most) {
        taken[at]?.push(need);
        count += 1;
      }
    }
  return taken.flat();
}
