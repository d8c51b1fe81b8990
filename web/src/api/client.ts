import { currentLanguage } from '../i18n';
import { readable } from '../i18n/erased';
import { isAttended } from './attendance';
import type { Sender } from './command';
import type { AnswerOf, BodyOf, Method, PathOf, PathValues, QueryOf, TakesKey } from './operations';
import type { Problem, Session } from './types';

/** A refusal or a failure of the platform, as its problem document tells it. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** Seconds after which it may be tried again, when the platform said so. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title ?? `HTTP ${problem.status}`);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return this.problem.status;
  }
  get code(): string {
    return this.problem.code;
  }
}

const base = '/api/v1';

/** What every call carries: the session's token, the body that this window acts for, and the newest position that it has seen. */
const carried = { csrfToken: '', actingFor: '', seen: 0 };

/**
 * From now on every call belongs to this session; null when nobody is signed in. The cookie of the session is shared by all windows, and another
 * window may have changed its body. So each call says for which body it acts. An administrator has none.
 */
export const carrySession = (session: Pick<Session, 'csrfToken' | 'body'> | null): void => {
  carried.csrfToken = session?.csrfToken ?? '';
  carried.actingFor = session?.body?.id ?? '';
};

/** From now on no read may answer with less than this position holds. */
export const advanceSeen = (position: number): void => {
  carried.seen = Math.max(carried.seen, position);
};
export const forgetSeen = (): void => {
  carried.seen = 0;
};

let sessionEnded: () => void = () => undefined;

/** Calls back whenever the platform says that nobody is signed in (any more). */
export const onSessionEnded = (listener: () => void): void => {
  sessionEnded = listener;
};

let bodyLost: () => void = () => undefined;

/** Calls back whenever the platform says that the account has no role (any more) in the body that it acts for. */
export const onBodyLost = (listener: () => void): void => {
  bodyLost = listener;
};

let confirmed: () => Promise<boolean> = async () => false;

/** Asks the person for the password again when the platform wants it before a write; the answer says whether it was given. */
export const onConfirmAsked = (ask: () => Promise<boolean>): void => {
  confirmed = ask;
};

export type Query = Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>;

export function queryString(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    if (Array.isArray(value)) for (const one of value) parameters.append(name, one);
    else parameters.append(name, String(value));
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}

async function answer<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '');
  if (response.ok) return (json && text ? readable(JSON.parse(text)) : undefined) as T;
  const retryAfter = Number(response.headers.get('retry-after'));
  let problem: Problem = { status: response.status, code: '', title: response.statusText };
  try {
    if (json && text) problem = { ...problem, ...readable(JSON.parse(text) as Partial<Problem>), status: response.status };
  } catch {
    // A proxy's page instead of the platform's answer: the status alone has to do.
  }
  if (problem.code === 'session.required') sessionEnded();
  if (problem.code === 'session.not-a-role-there') bodyLost();
  throw new ApiError(problem, Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null);
}

/** A call about the session itself is about the body of the cookie, which it may change. */
const isAboutSession = (path: string): boolean => path === '/session' || path.startsWith('/session/');

const headersFor = (path: string): Record<string, string> => ({
  accept: 'application/json',
  // Names are sorted by the alphabet of the language that one reads in, whatever the browser prefers.
  'accept-language': currentLanguage(),
  ...(carried.actingFor && !isAboutSession(path) ? { 'acting-for': carried.actingFor } : {}),
  ...(isAttended() ? {} : { unattended: '?1' }),
});

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(base + path, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError({ status: 0, code: 'network' });
  }
}

type Values = Readonly<Record<string, string | number>>;
/** Options of a call, with the values for the names of its path; optional where the path has none. */
type Options<P extends string, M extends Method, Others> =
  PathValues<P, M> extends undefined ? [options?: Others] : [options: { path: PathValues<P, M> } & Others];

const filled = (path: string, values: Values = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));

export async function read<P extends PathOf<'get'>>(
  path: P,
  ...[options]: Options<P, 'get', { query?: QueryOf<P>; signal?: AbortSignal }>
): Promise<AnswerOf<P, 'get'>> {
  const { path: values, query, signal } = (options ?? {}) as { path?: Values; query?: Query; signal?: AbortSignal };
  const seen = carried.seen > 0 ? { seen: carried.seen } : {};
  const init = { headers: headersFor(path), ...(signal ? { signal } : {}) };
  return answer(await send(filled(path, values) + queryString({ ...query, ...seen }), init));
}

interface WriteOptions {
  /** The version that the sender saw, or `*` for any. */
  ifMatch?: number | '*';
  /** Names the command: what is sent again under the same key gets the first answer again. */
  by?: Sender;
}
/** Options of a write. What is done once for each key is not sent without one. */
type Writing<P extends string, M extends Method> =
  TakesKey<P, M> extends true
    ? [
        options: Pick<WriteOptions, 'ifMatch'> & { by: Sender } & (PathValues<P, M> extends undefined
            ? unknown
            : { path: PathValues<P, M> }),
      ]
    : Options<P, M, unknown>;

export const post = <P extends PathOf<'post'>>(path: P, body: BodyOf<P>, ...[options]: Writing<P, 'post'>): Promise<AnswerOf<P, 'post'>> =>
  write('POST', path, body, options ?? {});

export const remove = <P extends PathOf<'delete'>>(path: P, ...[options]: Writing<P, 'delete'>): Promise<AnswerOf<P, 'delete'>> =>
  write('DELETE', path, undefined, options ?? {});

async function write<T>(method: string, path: string, body: unknown, options: WriteOptions & { path?: Values }): Promise<T> {
  const at = filled(path, options.path);
  const headers = headersFor(path);
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
    headers['content-language'] = currentLanguage();
  }
  if (carried.csrfToken) headers['x-csrf-token'] = carried.csrfToken;
  if (options.ifMatch !== undefined) headers['if-match'] = options.ifMatch === '*' ? '*' : `"v${options.ifMatch}"`;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const said = [method, at, headers['acting-for'], text].join('\n');
  if (options.by) headers['idempotency-key'] = `"${options.by.keyOf(said)}"`;
  const sending = { method, headers, ...(text === undefined ? {} : { body: text }) };
  const result = await answer<T>(await send(at, sending)).catch(async (problem: unknown) => {
    if (!(problem instanceof ApiError && problem.code === 'session.confirm' && (await confirmed()))) throw problem;
    return answer<T>(await send(at, sending));
  });
  options.by?.done(said);
  const position = (result as { position?: unknown } | undefined)?.position;
  if (typeof position === 'number') advanceSeen(position);
  return result;
}
