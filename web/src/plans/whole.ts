import type { QueryClient } from '@tanstack/react-query';
import { measuresAtOnce, queries } from '../api/queries';
import type { PlanHead } from '../api/types';
import type { WholeMeasure } from './model';

/** Reads what is not there yet of all measures of a plan and their milestones, for a file or for paper. */
export async function readWhole(client: QueryClient, plan: PlanHead): Promise<WholeMeasure[]> {
  const pillars = await Promise.all(
    plan.pillars.map(async ({ pillar, measures }) => {
      const { pages } = await client.fetchInfiniteQuery({
        ...queries.measures(plan.id, pillar),
        pages: Math.max(1, Math.ceil(measures / measuresAtOnce)),
        staleTime: 0,
      });
      return pages.flatMap((page) => page.items);
    }),
  );
  return Promise.all(
    pillars
      .flat()
      .map(async (measure) => ({ measure, milestones: (await client.fetchQuery(queries.milestonesOf(plan.id, measure.id))).items })),
  );
}
