import type { BodyView, MilestoneCounts, MilestoneView, Pillar, RegionView, SubscriptionView } from '../api/types';
import { pillars } from '../api/types';
import { countMilestones } from '../live/patch';

export interface MatrixRow {
  state: BodyView;
  cells: Map<Pillar, MilestoneCounts>;
}

/** A region and all that lie in it, by name. */
export function within(regions: readonly RegionView[], name: string): Set<string> {
  const byCode = new Map(regions.map((region) => [region.code, region]));
  const start = regions.find((region) => region.name === name || region.code === name);
  const names = new Set<string>([start?.name ?? name]);
  if (!start) return names;
  for (const region of regions) {
    let at: RegionView | undefined = region;
    for (let steps = 0; at && steps < 10; steps += 1) {
      if (at.code === start.code) names.add(region.name);
      at = at.parent ? byCode.get(at.parent) : undefined;
    }
  }
  return names;
}

export const inRegion = (body: BodyView, names: ReadonlySet<string>): boolean =>
  (body.region !== null && body.region !== undefined && names.has(body.region)) ||
  (body.subregion !== null && body.subregion !== undefined && names.has(body.subregion));

/** States down, pillars across: how the milestones stand. Only States that have any. */
export function matrix(states: readonly BodyView[], milestones: readonly MilestoneView[]): MatrixRow[] {
  return states
    .map((state) => {
      const own = milestones.filter((milestone) => milestone.body === state.id || (state.state && milestone.state === state.state));
      const cells = new Map<Pillar, MilestoneCounts>();
      for (const pillar of pillars) {
        const held = own.filter((milestone) => milestone.pillar === pillar);
        if (held.length > 0) cells.set(pillar, countMilestones(held));
      }
      return { state, cells };
    })
    .filter((row) => row.cells.size > 0);
}

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
