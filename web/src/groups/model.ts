import type { BodyName, ChairTerm, Day, FormGroup, GroupView, UpdateView } from '../api/types';

export interface Thread {
  update: UpdateView;
  replies: UpdateView[];
}

/** Updates newest first, each with its replies oldest first. A reply whose update one may not see stands by itself. */
export function threads(updates: readonly UpdateView[]): Thread[] {
  const ids = new Set(updates.map((update) => update.id));
  const parents = new Map(updates.map((update) => [update.id, update.replyTo]));
  const rootOf = (id: string): string => {
    let at = id;
    for (let steps = 0; steps < 50; steps += 1) {
      const parent = parents.get(at);
      if (!parent || !ids.has(parent)) return at;
      at = parent;
    }
    return at;
  };
  const made = new Map<string, Thread>();
  for (const update of updates) if (rootOf(update.id) === update.id) made.set(update.id, { update, replies: [] });
  for (const update of updates) {
    const root = rootOf(update.id);
    if (root !== update.id) made.get(root)?.replies.push(update);
  }
  for (const thread of made.values()) thread.replies.sort((a, b) => a.position - b.position);
  return [...made.values()].sort((a, b) => b.update.position - a.update.position);
}

/** Those who are here by the live line, or by the last read as long as it says nothing. */
export function hereNow(group: GroupView, live: readonly string[] | undefined): BodyName[] {
  if (!live) return group.here;
  const names = new Map([...group.members, ...group.here].map((member) => [member.id, member.name]));
  return live.map((id) => ({ id, name: names.get(id) ?? id }));
}

export const currentTerm = (group: GroupView): ChairTerm | undefined => group.chairs.find((term) => term.body === group.chair?.id);

export interface GroupForm {
  name: string;
  members: string[];
  note: string;
}

export const groupLacks = (form: GroupForm): 'name'[] => (form.name.trim() === '' ? ['name'] : []);

export const groupBody = ({ name, members, note }: GroupForm, exercise: boolean): FormGroup => ({
  name: name.trim(),
  members,
  ...(note.trim() ? { note: note.trim() } : {}),
  ...(exercise ? { exercise } : {}),
});

export interface Term {
  body: string;
  from: Day | '';
  to: Day | '';
}

export const termLacks = ({ body, from, to }: Term): ('body' | 'from' | 'to')[] => [
  ...(body === '' ? (['body'] as const) : []),
  ...(from === '' ? (['from'] as const) : []),
  ...(from && to && to < from ? (['to'] as const) : []),
];

export const termBody = ({ body, from, to }: Term): { body: string; from: Day; to?: Day } => ({ body, from, ...(to ? { to } : {}) });
