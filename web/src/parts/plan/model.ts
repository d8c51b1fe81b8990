import type { Day, DraftPlan, Iteration } from '../../api/types';
import type { Words } from '../../i18n';

export const planMarks = ['community', 'public', 'parties'] as const;

export interface PlanDraft {
  title: string;
  /** The plan's number in the body's own count, as it is typed. */
  iteration: string;
  from: Day | '';
  to: Day | '';
  mark: (typeof planMarks)[number];
}

export const emptyPlan: PlanDraft = { title: '', iteration: '', from: '', to: '', mark: 'community' };

/** Which plan of the body it is, in words. */
export const iterationIn = (t: Words, { number, atLeast }: Iteration): string =>
  t(atLeast ? 'words:iteration.atLeast' : 'words:iteration.exact', { number });

export type PlanLack = 'title' | 'period/to' | 'iteration';

export const planLacks = (draft: PlanDraft): PlanLack[] => [
  ...(draft.title.trim() === '' ? (['title'] as const) : []),
  ...(draft.iteration === '' || /^[1-9]\d?$/.test(draft.iteration) ? [] : (['iteration'] as const)),
  ...(draft.from && draft.to && draft.to < draft.from ? (['period/to'] as const) : []),
];

/** What is not stated is left out. */
export const planBody = ({ title, iteration, from, to, mark }: PlanDraft): DraftPlan => ({
  title: title.trim(),
  ...(iteration ? { iteration: { number: Number(iteration) } } : {}),
  ...(from || to ? { period: { ...(from ? { from } : {}), ...(to ? { to } : {}) } } : {}),
  mark,
});
