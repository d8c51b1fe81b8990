import type { paths } from '../../generated/schema';

/** What can be done with the API and what it takes and answers, read from its description: a path or a field that there is not does not compile. */

export type Method = 'get' | 'post' | 'delete';
/** A path as the dashboard writes it: below the version of the API. */
type Below<P> = P extends `/api/v1${infer Rest}` ? Rest : never;
type Described<P extends string, M extends Method> =
  paths[`/api/v1${P}` & keyof paths] extends Record<M, infer Operation> ? Operation : never;

/** Paths that have a method. */
export type PathOf<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, object> ? Below<P> : never }[keyof paths];

/** Values for the `{names}` of a path; undefined for a path without any. */
export type PathValues<P extends string, M extends Method> =
  Described<P, M> extends { parameters: { path: infer Values extends object } } ? Values : undefined;

/** Whether the platform does it once for each key. */
export type TakesKey<P extends string, M extends Method> =
  Described<P, M> extends { parameters: { header?: infer Headers } }
    ? 'Idempotency-Key' extends keyof NonNullable<Headers>
      ? true
      : false
    : false;

/** What there is, or `None` where the description says that there is nothing. */
type Else<Given, None> = [NonNullable<Given>] extends [never] ? None : NonNullable<Given>;

export type QueryOf<P extends PathOf<'get'>> =
  Described<P, 'get'> extends { parameters: { query?: infer Query } } ? Else<Query, Record<never, never>> : never;

export type BodyOf<P extends PathOf<'post'>> =
  Described<P, 'post'> extends { requestBody?: infer Given }
    ? Else<Given, undefined> extends { content: { 'application/json': infer Body } }
      ? Body
      : undefined
    : never;

type Content<Answer> = Answer extends { content: { 'application/json': infer Json } } ? Json : undefined;
/** What is answered when it went well. */
export type AnswerOf<P extends string, M extends Method> =
  Described<P, M> extends { responses: infer Answers }
    ? { [Status in keyof Answers & (200 | 201 | 202 | 204)]: Content<Answers[Status]> }[keyof Answers & (200 | 201 | 202 | 204)]
    : never;
