import type { MilestoneStatus, MilestoneView, ReportProgress, ReportView } from '../../api/types';
import { daysBetween } from '../../ui/dates';

/** How the due date stands to today, ready to be worded. */
export type DueWord =
  | { kind: 'late'; days: number }
  | { kind: 'today' }
  | { kind: 'soon'; days: number }
  | { kind: 'later' }
  | { kind: 'done' }
  | { kind: 'cancelled' };

const soon = 30;

/** Late is what the server says it is; the days are counted from `today`, which may lie a time zone away from the reader's. */
export function dueWord(milestone: Pick<MilestoneView, 'due' | 'status' | 'late'>, today: string): DueWord {
  if (milestone.status === 'done') return { kind: 'done' };
  if (milestone.status === 'cancelled') return { kind: 'cancelled' };
  const days = daysBetween(today, milestone.due);
  if (milestone.late) return { kind: 'late', days: Math.max(1, -days) };
  if (days <= 0) return { kind: 'today' };
  return days <= soon ? { kind: 'soon', days } : { kind: 'later' };
}

/** Days that the due date has moved since it was first agreed. */
export const slip = (milestone: Pick<MilestoneView, 'due' | 'baseline'>): number => daysBetween(milestone.baseline, milestone.due);

export interface ReportForm {
  status: MilestoneStatus;
  /** Null: as the status says, or unchanged. */
  progress: number | null;
  note: string;
  evidence: string;
}

export const emptyReport = (milestone: MilestoneView): ReportForm => ({ status: milestone.status, progress: null, note: '', evidence: '' });

/** Which progress the form shows before anyone touches it. */
export function shownProgress(form: ReportForm, milestone: Pick<MilestoneView, 'progress'>): number {
  if (form.progress !== null) return form.progress;
  if (form.status === 'done') return 100;
  return form.status === 'planned' ? 0 : milestone.progress;
}

export const evidenceOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);

export function reportBody(form: ReportForm, draft: boolean): ReportProgress {
  const evidence = evidenceOf(form.evidence);
  return {
    status: form.status,
    ...(form.progress === null ? {} : { progress: form.progress }),
    ...(form.note.trim() ? { note: form.note.trim() } : {}),
    ...(evidence.length > 0 ? { evidence } : {}),
    ...(draft ? { draft: true } : {}),
  };
}

/** The version that whoever sees the milestone, and this report on it, has seen: a report that waits has one of its own. */
export const seenVersion = (milestone: Pick<MilestoneView, 'version'>, report?: Pick<ReportView, 'version'>): number =>
  Math.max(milestone.version, report?.version ?? 0);

/** A host of letters and digits, then a path: no user, nothing that looks like the end of the host, no backslash. */
const ADDRESS = /^https?:\/\/(?:[\p{L}\p{M}\p{N}.:[\]-]|\p{Join_Control})+([/?#][^\s\\]*)?$/iu;

/** What is never shown; joiners are part of words. */
const HIDDEN = /(?!\p{Join_Control})[\p{C}\p{Default_Ignorable_Code_Point}]/u;

/** Only web addresses become links, written out and without a user or what cannot be seen; everything else stays text. */
export function webAddress(text: string): string | null {
  const written = text.trim();
  if (!ADDRESS.test(written) || HIDDEN.test(written)) return null;
  try {
    const url = new URL(written);
    return url.username === '' && url.password === '' ? url.href : null;
  } catch {
    return null;
  }
}
