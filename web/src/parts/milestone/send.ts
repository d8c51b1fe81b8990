import type { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../../api/client';
import { queries } from '../../api/queries';
import type { MilestoneView } from '../../api/types';
import { findMilestone, standing } from './model';

/** Someone else changed the very milestone that the sender was looking at. */
export class Conflict extends Error {
  readonly theirs: MilestoneView;
  constructor(theirs: MilestoneView) {
    super('conflict');
    this.theirs = theirs;
  }
}

const isStale = (error: unknown): boolean => error instanceof ApiError && error.status === 412;

/**
 * Sends a change to a milestone with the plan's version that the sender saw. When only other parts of the plan have moved on,
 * it sends again with the newer version; when the milestone itself has, it throws a Conflict and the sender decides.
 */
export async function sendForMilestone<T>(client: QueryClient, seen: MilestoneView, send: (version: number) => Promise<T>): Promise<T> {
  let version = seen.planVersion;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const receipt = await send(version);
      void client.invalidateQueries({ queryKey: ['plan', seen.plan] });
      void client.invalidateQueries({ queryKey: ['milestones'] });
      return receipt;
    } catch (error) {
      if (!isStale(error) || attempt >= 5) throw error;
      const plan = await client.fetchQuery({ ...queries.plan(seen.plan), staleTime: 0 });
      const theirs = findMilestone(plan, seen.id);
      if (!theirs) throw error;
      if (standing(theirs) !== standing(seen)) throw new Conflict(theirs);
      version = plan.version;
    }
  }
}
