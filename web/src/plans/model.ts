import type { MeasureView, MilestoneView, Pillar, PlanDetail, PlanStatus } from '../api/types';
import { pillars } from '../api/types';
import type { Words } from '../i18n';
import { shownStatus } from '../ui/status';

/** What plans are sorted by, as the platform calls it. */
export const planSorts = ['body', 'title', '-late', 'status'] as const;

/** The pillars that have measures, in the order of the seven, each with its own. */
export function byPillar(measures: readonly MeasureView[]): [Pillar, MeasureView[]][] {
  return pillars
    .map((pillar): [Pillar, MeasureView[]] => [pillar, measures.filter((measure) => measure.pillar === pillar)])
    .filter(([, held]) => held.length > 0);
}

export type MilestoneShow = 'late' | 'at-risk' | 'in-progress' | 'planned' | 'done' | 'cancelled' | 'to-approve';

export function showsMilestone(milestone: MilestoneView, show: string | undefined): boolean {
  if (!show) return true;
  if (show === 'to-approve') return milestone.reports.some((report) => report.state === 'submitted');
  return shownStatus(milestone) === show;
}

/** Where a plan may go from where it stands. */
export const nextStatuses: Record<PlanStatus, PlanStatus[]> = {
  drafting: ['adopted', 'superseded'],
  adopted: ['under-implementation', 'superseded'],
  'under-implementation': ['concluded', 'superseded'],
  concluded: ['evaluated', 'superseded'],
  evaluated: ['superseded'],
  superseded: [],
};

const columns = [
  'plan',
  'body',
  'pillar',
  'measure',
  'lead',
  'milestone',
  'id',
  'due',
  'baseline',
  'status',
  'late',
  'atRisk',
  'progress',
] as const;
export const csvHead = (t: Words): string[] => columns.map((column) => t(`plans:column.${column}`));

/** The milestones one sees, as rows for a spreadsheet, the codes as they are. */
export function csvRows(plan: PlanDetail, show: string | undefined): (string | number)[][] {
  return plan.measures.flatMap((measure) =>
    measure.milestones
      .filter((milestone) => showsMilestone(milestone, show))
      .map((milestone) => [
        plan.title,
        plan.bodyName,
        measure.pillar,
        measure.title,
        measure.leadName ?? '',
        milestone.title,
        milestone.id,
        milestone.due,
        milestone.baseline,
        milestone.status,
        String(milestone.late),
        String(milestone.atRisk),
        milestone.progress,
      ]),
  );
}
