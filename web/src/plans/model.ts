import type { MeasureView, MilestoneView, Pillar, PlanDetail, PlanStatus, PlanView } from '../api/types';
import { pillars } from '../api/types';
import type { Words } from '../i18n';
import { shownStatus } from '../ui/status';

export interface PlanFilters {
  status?: string | undefined;
  region?: string | undefined;
  exercise?: 'only' | 'none' | undefined;
  text?: string | undefined;
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function filterPlans(plans: readonly PlanView[], filters: PlanFilters): PlanView[] {
  const wanted = fold(filters.text ?? '').trim();
  return plans.filter(
    (plan) =>
      (!filters.status || plan.status === filters.status) &&
      (!filters.region || plan.region === filters.region) &&
      (filters.exercise === undefined || (filters.exercise === 'only') === plan.exercise) &&
      (wanted === '' || fold(`${plan.title} ${plan.bodyName}`).includes(wanted)),
  );
}

export type PlanSort = 'title' | 'late' | 'status';
export function sortPlans(plans: readonly PlanView[], sort: string | undefined, locale: string): PlanView[] {
  const byTitle = (a: PlanView, b: PlanView) => a.bodyName.localeCompare(b.bodyName, locale);
  const compare: Record<PlanSort, (a: PlanView, b: PlanView) => number> = {
    title: byTitle,
    late: (a, b) => b.milestones.late - a.milestones.late || byTitle(a, b),
    status: (a, b) => a.status.localeCompare(b.status) || byTitle(a, b),
  };
  return [...plans].sort(compare[(sort as PlanSort) in compare ? (sort as PlanSort) : 'title']);
}

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
