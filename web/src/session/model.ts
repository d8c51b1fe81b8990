import { ApiError } from '../api/client';
import type { DemonstrationAccount, Session } from '../api/types';

/** Exercise accounts first, then by name; what is typed may stand anywhere in name or account. */
export function sortAccounts(accounts: readonly DemonstrationAccount[]): DemonstrationAccount[] {
  return [...accounts].sort((a, b) => Number(b.exercise) - Number(a.exercise) || a.name.localeCompare(b.name));
}

/** Only a path of this site may follow the sign-in. */
export function safeNext(next: string | undefined): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/';
}

/** Nobody is signed in where others can read along. Said before a password is typed, and sent. */
export const unlessPrivate = (): ApiError | null =>
  window.isSecureContext === false ? new ApiError({ status: 403, code: 'session.needs-tls' }) : null;

/** A page of this site that is none of the dashboard's. */
export const isOutside = (path: string): boolean => /^\/developers(\/|$)/.test(path);

/** Milliseconds ahead of its end at which a session's person is told. */
export const warnAhead = 120_000;

/**
 * How many milliseconds a session has left, reckoned by the platform's clock and not by this device's, which may go wrong; and whether it
 * then ends though it is used.
 */
export function leftOf(
  session: Pick<Session, 'now' | 'ends' | 'endsForGood'>,
  receivedAt: number,
  at: number,
): { ms: number; forGood: boolean } {
  const now = Date.parse(session.now) + (at - receivedAt);
  return { ms: Date.parse(session.ends) - now, forGood: Date.parse(session.endsForGood) - now <= warnAhead };
}
