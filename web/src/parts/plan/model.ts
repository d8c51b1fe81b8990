import type { Day, DraftPlan, Iteration } from '../../api/types';

export const planMarks = ['community', 'public', 'parties'] as const;

export interface PlanDraft {
  title: string;
  iteration: Iteration | '';
  from: Day | '';
  to: Day | '';
  mark: (typeof planMarks)[number];
}

export const emptyPlan: PlanDraft = { title: '', iteration: '', from: '', to: '', mark: 'community' };

export type PlanLack = 'title' | 'period/to';

export const planLacks = (draft: PlanDraft): PlanLack[] => [
  ...(draft.title.trim() === '' ? (['title'] as const) : []),
  ...(draft.from && draft.to && draft.to < draft.from ? (['period/to'] as const) : []),
];

/** What is not stated is left out. */
export const planBody = ({ title, iteration, from, to, mark }: PlanDraft): DraftPlan => ({
  title: title.trim(),
  ...(iteration ? { iteration } : {}),
  ...(from || to ? { period: { ...(from ? { from } : {}), ...(to ? { to } : {}) } } : {}),
  mark,
});
