import type { RequestVerb, RequestVerbBody } from '../../api/commands';
import type { DeclineGround, RequestView } from '../../api/types';
import { daysBetween } from '../../ui/dates';

/** What a verb asks for before it can be sent. */
export type VerbForm = 'none' | 'text' | 'text-required' | 'date' | 'ground' | 'confirm';

const forms: Record<RequestVerb, VerbForm> = {
  accept: 'none',
  'propose-date': 'date',
  decline: 'ground',
  ask: 'text-required',
  clarify: 'text-required',
  answer: 'text-required',
  confirm: 'text',
  withdraw: 'confirm',
};

/** In the order in which they are offered. */
const order: RequestVerb[] = ['accept', 'clarify', 'answer', 'confirm', 'propose-date', 'ask', 'decline', 'withdraw'];

export const verbForm = (verb: RequestVerb): VerbForm => forms[verb];

/** Of what the server offers, what the dashboard knows. */
export const orderedVerbs = (verbs: readonly string[]): RequestVerb[] => order.filter((verb) => verbs.includes(verb));

/** The one verb worth a button on the row. */
export const leadingVerb = (verbs: readonly string[]): RequestVerb | undefined =>
  orderedVerbs(verbs).find((verb) => ['accept', 'clarify', 'answer', 'confirm'].includes(verb));

export const isDanger = (verb: RequestVerb): boolean => verb === 'decline' || verb === 'withdraw';

export interface VerbInput {
  text: string;
  date: string;
  ground: DeclineGround | '';
}

export function verbBody(verb: RequestVerb, input: VerbInput): RequestVerbBody {
  const text = input.text.trim();
  return {
    ...(text ? { text } : {}),
    ...(verbForm(verb) === 'date' ? { date: input.date } : {}),
    ...(verbForm(verb) === 'ground' ? { ground: input.ground } : {}),
  };
}

export function verbReady(verb: RequestVerb, input: VerbInput): boolean {
  const form = verbForm(verb);
  if (form === 'text-required') return input.text.trim() !== '';
  if (form === 'date') return input.date !== '';
  return form !== 'ground' || input.ground !== '';
}

const isRunning = (request: Pick<RequestView, 'status'>): boolean => request.status === 'open' || request.status === 'accepted';

export type Clock = { kind: 'late' | 'left'; days: number } | { kind: 'today' } | null;

/** How the date it is needed by stands to today; nothing once it has been answered or closed. */
export function clockOf(request: Pick<RequestView, 'status' | 'neededBy'>, today: string): Clock {
  if (!request.neededBy || !isRunning(request)) return null;
  const days = daysBetween(today, request.neededBy);
  if (days < 0) return { kind: 'late', days: -days };
  return days === 0 ? { kind: 'today' } : { kind: 'left', days };
}

/** Whole days since it was opened. */
export const ageInDays = (request: Pick<RequestView, 'openedAt'>, now: number): number =>
  Math.max(0, Math.floor((now - Date.parse(request.openedAt)) / 86_400_000));

export const counterpart = (request: RequestView, own: string | undefined): string =>
  request.from === own ? request.toNames.join(', ') || request.region || '' : request.fromName;
