const name = (account: string): string => `coordination.visit.${account}`;

/** The position up to which this account has marked the feed as read on this device; null before the first time. */
export function lastVisit(account: string): number | null {
  const stored = Number(localStorage.getItem(name(account)) ?? Number.NaN);
  return Number.isFinite(stored) ? stored : null;
}

export function markVisit(account: string, position: number): void {
  localStorage.setItem(name(account), String(Math.max(position, lastVisit(account) ?? 0)));
}
