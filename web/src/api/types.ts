/**
 * The shapes of the HTTP API, which `npm run types` makes from the platform's own description, under the names that the dashboard uses. Added here
 * are those that have no name of their own there, and what the live hub tells (`Here`).
 */
import type { ProblemDetails, paths } from '../../generated/schema';

export type * from '../../generated/schema';
export type {
  InvitationView as Invitation,
  OpenSessionView as OpenSession,
  ResetView as Reset,
  SecurityEventView as SecurityEvent,
  SessionView as Session,
} from '../../generated/schema';
export {
  bodyKindValues as bodyKinds,
  declineGroundValues as declineGrounds,
  markValues as marks,
  milestoneStatusValues as milestoneStatuses,
  pillarValues as pillars,
  planStatusValues as planStatuses,
  requestKindValues as requestKinds,
  requestStatusValues as requestStatuses,
  searchKindValues as searchKinds,
  securityEventKindValues as securityEventKinds,
  urgencyValues as urgencies,
} from '../../generated/schema';

/** Why something was not done. What failed on the way to the platform has no trace there. */
export type Problem = Omit<ProblemDetails, 'traceId'> & { traceId?: string };

/** What is wrong with a field of what was sent, which a pointer such as `#/due` names. */
export type FieldError = NonNullable<ProblemDetails['errors']>[number];

/** A plain day, `2026-11-23`, that no time zone may shift. */
export type Day = string;
/** A moment, ISO 8601 with offset. */
export type Moment = string;

export interface Page<T> {
  items: T[];
  next?: string | null;
  /** How many all pages hold; missing where counting them costs too much. */
  total?: number | null;
}

export type RequestBox = NonNullable<NonNullable<paths['/api/v1/requests']['get']['parameters']['query']>['box']>;

/** Who is online, as live connections tell it. */
export interface Here {
  online: string[];
  groups: Partial<Record<string, string[]>>;
}
