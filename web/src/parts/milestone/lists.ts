import type { Day } from '../../api/types';
import { addDays } from '../../ui/dates';

/** The lists of milestones across plans. */
export const shownMilestones = ['late', 'at-risk', 'soon', 'to-approve'] as const;
export type ShownMilestones = (typeof shownMilestones)[number];

/** Days from today that are soon. */
const soon = 30;

/**
 * What a list asks the platform for; the number on a tile that leads to the list is the total of the same. A body's lists hold what it answers for: the
 * milestones of its plans, and those that it leads in others'. It approves in its own plans alone.
 */
export function milestonesShown(show: ShownMilestones, body: string | undefined, today: Day) {
  switch (show) {
    case 'late':
      return { overdue: true, concerning: body };
    case 'at-risk':
      return { atRisk: true, concerning: body };
    case 'to-approve':
      return { toApprove: true, body };
    default:
      return { open: true, concerning: body, dueAfter: addDays(today, -1), dueBefore: addDays(today, soon + 1) };
  }
}
