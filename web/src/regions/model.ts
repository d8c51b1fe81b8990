import type { MilestoneCounts, SubscriptionView } from '../api/types';

/** The worst thing in a cell names it. */
export function worst(counts: MilestoneCounts): 'late' | 'at-risk' | 'in-progress' | 'planned' | 'done' | 'cancelled' {
  if (counts.late > 0) return 'late';
  if (counts.atRisk > 0) return 'at-risk';
  if (counts.inProgress > 0) return 'in-progress';
  if (counts.planned > 0) return 'planned';
  return counts.done > 0 ? 'done' : 'cancelled';
}

/** The subscription that takes in everything of this kind in the region; one that is narrower does not count. */
export const subscribedTo = (
  subscriptions: readonly SubscriptionView[],
  about: string,
  region: string,
  code?: string,
): SubscriptionView | undefined =>
  subscriptions.find(
    (one) =>
      one.about === about &&
      [one.states, one.kinds, one.pillars, one.urgencies].every((limits) => limits.length === 0) &&
      (one.regions.includes(region) || (code !== undefined && one.regions.includes(code))),
  );
