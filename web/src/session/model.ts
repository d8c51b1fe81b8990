import type { DemonstrationAccount } from '../api/types';

/** Exercise accounts first, then by name; what is typed may stand anywhere in name or account. */
export function sortAccounts(accounts: readonly DemonstrationAccount[]): DemonstrationAccount[] {
  return [...accounts].sort((a, b) => Number(b.exercise) - Number(a.exercise) || a.name.localeCompare(b.name));
}

/** Only a path of this site may follow the sign-in. */
export function safeNext(next: string | undefined): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/';
}
