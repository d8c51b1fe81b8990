import type { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../../api/client';
import { queries } from '../../api/queries';
import type { MilestoneView } from '../../api/types';
import { findMilestone, seenVersion, standing } from './model';

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
 * Sends a change to a milestone, or to a report on it, with the version that the sender saw. When it is refused as older although all stands as the
 * sender saw it, it sends again with the newer version; when the milestone or a report has moved on, it throws a Conflict and the sender decides.
 */
export async function sendForMilestone<T>(
  client: QueryClient,
  seen: MilestoneView,
  send: (version: number) => Promise<T>,
  report?: string,
): Promise<T> {
  let version = seenVersion(seen, report);
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
      version = seenVersion(theirs, report);
    }
  }
}
