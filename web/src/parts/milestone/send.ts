import type { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../../api/client';
import { queries } from '../../api/queries';
import type { MilestoneView, ReportView } from '../../api/types';
import { seenVersion } from './model';

/** Someone else changed the very milestone, or the report on it, that the sender was looking at. */
export class Conflict extends Error {
  readonly theirs: MilestoneView;
  /** The newest report, which may wait and not be what the milestone says. */
  readonly report: ReportView | undefined;
  constructor(theirs: MilestoneView, report: ReportView | undefined) {
    super('conflict');
    this.theirs = theirs;
    this.report = report;
  }
}

const isStale = (error: unknown): boolean => error instanceof ApiError && error.status === 412;

/**
 * Sends a change to a milestone, or to a report on it, with the version that the sender saw. Versions are those of these parts alone: when it is refused
 * as older, the milestone or the report has moved on. Then both are read again, and the sender decides.
 */
export async function sendForMilestone<T>(
  client: QueryClient,
  seen: MilestoneView,
  send: (version: number) => Promise<T>,
  report?: ReportView,
): Promise<T> {
  try {
    const receipt = await send(seenVersion(seen, report));
    readAgain(client, seen);
    return receipt;
  } catch (error) {
    if (!isStale(error)) throw error;
    const reports = queries.reports(seen.plan, seen.id);
    // Other pages of them stay as they are until the panel reads them.
    await client.invalidateQueries({ queryKey: reports.queryKey });
    const [theirs, newest] = await Promise.all([
      client.fetchQuery({ ...queries.milestone(seen.plan, seen.id), staleTime: 0 }),
      client.fetchInfiniteQuery(reports),
    ]);
    throw new Conflict(theirs, newest.pages[0]?.items[0]);
  }
}

/** What shows the milestone: also when no line is there that tells of the change. */
function readAgain(client: QueryClient, { plan, id, measure }: MilestoneView): void {
  for (const queryKey of [
    queries.plan(plan).queryKey,
    queries.milestonesOf(plan, measure).queryKey,
    queries.milestone(plan, id).queryKey,
    queries.reports(plan, id).queryKey,
    ['milestones'],
  ])
    void client.invalidateQueries({ queryKey });
}
