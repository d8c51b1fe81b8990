import type { QueryClient } from '@tanstack/react-query';
import { queries } from '../api/queries';
import type { PlanHead } from '../api/types';
import type { WholeMeasure } from './model';

/** Reads all measures of a plan and their milestones as they are now, to the end, for a file or for paper: neither says how old it is. */
export async function readWhole(client: QueryClient, plan: PlanHead): Promise<WholeMeasure[]> {
  const pillars = await Promise.all(
    plan.pillars.map(async ({ pillar }) => {
      const { pages } = await client.fetchInfiniteQuery({
        ...queries.measures(plan.id, pillar),
        // As many as there are: the head may be older than the measures.
        pages: Number.MAX_SAFE_INTEGER,
        staleTime: 0,
      });
      return pages.flatMap((page) => page.items);
    }),
  );
  return Promise.all(
    pillars.flat().map(async (measure) => ({
      measure,
      milestones: (await client.fetchQuery({ ...queries.milestonesOf(plan.id, measure.id), staleTime: 0 })).items,
    })),
  );
}
