const name = (visitor: string): string => `coordination.visit.${visitor}`;

/** The position up to which this visitor has marked the feed as read on this device; null before the first time. */
export function lastVisit(visitor: string): number | null {
  const stored = Number(localStorage.getItem(name(visitor)) ?? Number.NaN);
  return Number.isFinite(stored) ? stored : null;
}

export function markVisit(visitor: string, position: number): void {
  localStorage.setItem(name(visitor), String(Math.max(position, lastVisit(visitor) ?? 0)));
}
