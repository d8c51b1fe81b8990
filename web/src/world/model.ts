import type { BodyView, PlanView, Source } from '../api/types';

/** What the report says of a State's plan; `silent` is a State of the platform of which it says nothing. */
export const planClasses = ['later', 'implementing', 'preparing', 'no-plan-stated', 'not-in-report'] as const;
export type PlanClass = (typeof planClasses)[number];

export interface StateOnMap {
  iso3: string;
  body: BodyView;
  class: PlanClass;
  plan: PlanView | undefined;
  sources: Source[];
}

/** A plan's colour. Only what the report states counts as stated; a plan kept on the platform itself is classed by its own status. */
export function classOf(plan: PlanView | undefined, reported: boolean): PlanClass {
  if (!plan) return reported ? 'no-plan-stated' : 'not-in-report';
  if (plan.status === 'drafting') return 'preparing';
  if (plan.iteration && plan.iteration.number > 1) return 'later';
  return 'implementing';
}

/** The plan that speaks for a State when it has several: the furthest on. */
export function speakingPlan(plans: readonly PlanView[]): PlanView | undefined {
  const rank = (plan: PlanView) => planClasses.indexOf(classOf(plan, true));
  return [...plans].filter((plan) => plan.status !== 'superseded').sort((a, b) => rank(a) - rank(b))[0] ?? plans[0];
}

/** Where the report lists the States that replied: its paragraph 11 and footnote 3. */
const respondentsSource: Source = { document: 'A/67/170', paragraphs: [11] };

export function statesOnMap(bodies: readonly BodyView[], plans: readonly PlanView[]): StateOnMap[] {
  const byState = new Map<string, PlanView[]>();
  for (const plan of plans) if (plan.state) byState.set(plan.state, [...(byState.get(plan.state) ?? []), plan]);
  return bodies
    .filter((body): body is BodyView & { state: string } => body.kind === 'state' && Boolean(body.state))
    .map((body) => {
      const plan = speakingPlan(byState.get(body.state) ?? []);
      const reported = body.category === 'reporting-state';
      const sources = [...(plan?.source ? [plan.source] : []), ...(reported && !plan ? [respondentsSource] : [])];
      return { iso3: body.state, body, plan, class: classOf(plan, reported), sources };
    })
    .sort((a, b) => a.body.name.localeCompare(b.body.name));
}

export function classCounts(states: readonly StateOnMap[]): Record<PlanClass, number> {
  const counts: Record<PlanClass, number> = { later: 0, implementing: 0, preparing: 0, 'no-plan-stated': 0, 'not-in-report': 0 };
  for (const state of states) counts[state.class] += 1;
  return counts;
}
