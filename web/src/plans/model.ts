import type { MeasureView, MilestoneCounts, MilestoneView, PlanStatus, PlanView } from '../api/types';
import type { Words } from '../i18n';
import { iterationIn } from '../parts/plan/model';
import type { Cell } from '../ui/csv';
import { shownStatus, shownStatuses } from '../ui/status';

/** What plans are sorted by, as the platform calls it. */
export const planSorts = ['body', 'title', '-late', 'status'] as const;

/** What a page of a plan shows of its milestones: those of a status, those with reports that wait, or all. */
export const milestoneShows = [...shownStatuses, 'to-approve'] as const;
export type MilestoneShow = (typeof milestoneShows)[number];

export function showsMilestone(milestone: MilestoneView, show: string | undefined): boolean {
  if (!show) return true;
  return show === 'to-approve' ? milestone.reportsToApprove > 0 : shownStatus(milestone) === show;
}

const kinds: Partial<Record<string, keyof MilestoneCounts>> = {
  late: 'late',
  'at-risk': 'atRisk',
  'in-progress': 'inProgress',
  planned: 'planned',
  done: 'done',
  cancelled: 'cancelled',
};

/** Of how many milestones a measure or a pillar shows something, told by its counts: for reports that wait by their number. */
export function countShown(held: { milestones: MilestoneCounts; reportsToApprove: number }, show: string | undefined): number {
  if (!show) return held.milestones.total;
  if (show === 'to-approve') return held.reportsToApprove;
  const kind = kinds[show];
  return kind ? held.milestones[kind] : 0;
}

/** Up to so many milestones a plan is shown whole from the start, and above as it is scrolled. */
export const shownWhole = 200;

/** Rem that a measure takes on the page before its milestones are read: about what it will take then. */
export const roomOf = (milestones: number): number => 7 + Math.max(1, milestones) * 4;

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

/** A measure with all its milestones. */
export interface WholeMeasure {
  measure: MeasureView;
  milestones: readonly MilestoneView[];
}

/** The milestones one sees, as rows for a spreadsheet, the codes as they are. */
export function csvRows(measures: readonly WholeMeasure[], show: string | undefined): Cell[][] {
  return measures.flatMap(({ measure, milestones }) =>
    milestoneRows(
      milestones.filter((milestone) => showsMilestone(milestone, show)),
      () => measure.leadName ?? '',
    ),
  );
}

/** Milestones across plans, in the columns of those of one plan. */
export const milestoneRows = (milestones: readonly MilestoneView[], nameOf: (body: string) => string): Cell[][] =>
  milestones.map((milestone) => [
    milestone.planTitle,
    milestone.bodyName,
    milestone.pillar,
    milestone.measureTitle,
    milestone.lead ? nameOf(milestone.lead) : '',
    milestone.title,
    milestone.id,
    milestone.due,
    milestone.baseline,
    milestone.status,
    String(milestone.late),
    String(milestone.atRisk),
    milestone.progress,
  ]);

export const plansHead = (t: Words): string[] => [
  t('plans:column.plan'),
  t('plans:column.id'),
  t('plans:column.body'),
  t('plans:region'),
  t('plans:column.status'),
  t('plans:iteration'),
  t('plans:periodFrom'),
  t('plans:periodTo'),
  t('plans:showAll'),
  ...shownStatuses.map((status) => t(`words:status.${status}`)),
];

/** Plans with how their milestones stand, the codes as they are. */
export const plansRows = (plans: readonly PlanView[], t: Words): Cell[][] =>
  plans.map((plan) => [
    plan.title,
    plan.id,
    plan.bodyName,
    plan.region,
    plan.status,
    plan.iteration ? iterationIn(t, plan.iteration) : '',
    plan.period?.from,
    plan.period?.to,
    plan.milestones.total,
    ...shownStatuses.map((status) => countShown(plan, status)),
  ]);
