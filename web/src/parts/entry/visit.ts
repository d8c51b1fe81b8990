import type { Session } from '../../api/types';

/** Whose feed it is: an account reads that of each of its bodies by itself. */
export const visitorOf = ({ account, body }: Pick<Session, 'account' | 'body'>): string => (body ? `${account}.${body.id}` : account);

const name = (visitor: string): string => `coordination.visit.${visitor}`;

/** The position up to which this visitor has marked the feed as read on this device; null before the first time. */
export function lastVisit(visitor: string): number | null {
  const stored = Number(localStorage.getItem(name(visitor)) ?? Number.NaN);
  return Number.isFinite(stored) ? stored : null;
}

export function markVisit(visitor: string, position: number): void {
  localStorage.setItem(name(visitor), String(Math.max(position, lastVisit(visitor) ?? 0)));
}
