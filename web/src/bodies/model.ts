import type { AdmitBody, BodyDetail, BodyKind, ChangeProfile, FocalPoint, Person, ReportedFact } from '../api/types';
import { isErased } from '../i18n/erased';

/** Facts by the paragraph that reports them. */
export const sortFacts = (facts: readonly ReportedFact[]): ReportedFact[] =>
  [...facts].sort((a, b) => (a.source.paragraphs[0] ?? 0) - (b.source.paragraphs[0] ?? 0) || a.id.localeCompare(b.id));

export interface ProfileForm {
  name: string;
  acronym: string;
  legalBasis: string;
  timeZone: string | null;
  idleMinutes: number;
  focalPoints: FocalPoint[];
}

/** An erased text is an empty field: the reader's word for it must not be sent back as a text. */
const field = (text: string | null | undefined): string => (isErased(text) ? '' : (text ?? ''));

/** Minutes for which a session may go unused where the body says nothing. */
const longestIdle = 720;

export const profileOf = (body: BodyDetail): ProfileForm => ({
  name: body.name,
  acronym: body.acronym ?? '',
  legalBasis: field(body.legalBasis),
  timeZone: body.timeZone ?? null,
  idleMinutes: body.idleMinutes ?? longestIdle,
  focalPoints: body.focalPoints.map(({ subject, office }) => ({ subject: field(subject), office: field(office) })),
});

const trimmed = (form: ProfileForm): ProfileForm => ({
  name: form.name.trim(),
  acronym: form.acronym.trim(),
  legalBasis: form.legalBasis.trim(),
  timeZone: form.timeZone,
  idleMinutes: form.idleMinutes,
  // A row that was left empty is no focal point.
  focalPoints: form.focalPoints
    .map(({ subject, office }) => ({ subject: subject.trim(), office: office.trim() }))
    .filter(({ subject, office }) => subject !== '' || office !== ''),
});

/** For how many minutes a session may go unused; with the body's own in any case. */
export const idleChoices = (own: number): number[] => [...new Set([15, 30, 60, 240, longestIdle, own])].sort((a, b) => b - a);

/** What the writer changed, and nothing else, so that what others changed meanwhile stays. */
export function profileBody(form: ProfileForm, seen: ProfileForm): ChangeProfile {
  const [after, before] = [trimmed(form), trimmed(seen)];
  return {
    ...(after.name !== before.name ? { name: after.name } : {}),
    ...(after.acronym !== before.acronym ? { acronym: after.acronym } : {}),
    ...(after.legalBasis !== before.legalBasis ? { legalBasis: after.legalBasis } : {}),
    ...(after.timeZone !== null && after.timeZone !== before.timeZone ? { timeZone: after.timeZone } : {}),
    ...(after.idleMinutes !== before.idleMinutes ? { idleMinutes: after.idleMinutes } : {}),
    ...(pointsDiffer(after, before) ? { focalPoints: after.focalPoints } : {}),
  };
}

const pointsDiffer = (after: ProfileForm, before: ProfileForm): boolean =>
  JSON.stringify(after.focalPoints) !== JSON.stringify(before.focalPoints);

/** Fields that lack something, as the platform would point to them. */
export function profileLacks(form: ProfileForm, seen: ProfileForm): string[] {
  return [
    ...(form.name.trim() === '' ? ['name'] : []),
    // Stated once, it can be changed but not taken back.
    ...(form.timeZone === null && seen.timeZone !== null ? ['timeZone'] : []),
    // Points that the writer leaves alone are not sent, also where a text of one was erased.
    ...(pointsDiffer(trimmed(form), trimmed(seen)) ? form.focalPoints : []).flatMap(({ subject, office }, at) => {
      if ((subject.trim() === '') === (office.trim() === '')) return [];
      return [`focalPoints/${at}/${subject.trim() === '' ? 'subject' : 'office'}`];
    }),
  ];
}

/** The zones that the browser knows, and UTC, which some leave out; with the body's own in any case. */
export function timeZones(known: readonly string[], own: string | null): { id: string; name: string }[] {
  const zones = new Set(['UTC', ...known, ...(own ? [own] : [])]);
  return [...zones].sort().map((id) => ({ id, name: id.replaceAll('_', ' ') }));
}

export interface AdmitForm {
  kind: BodyKind | '';
  name: string;
  acronym: string;
  state: string;
  region: string;
  parent: string | null;
  timeZone: string | null;
  exercise: boolean;
}

/** Fields that lack something, in their order. */
export const admitLacks = (form: AdmitForm): ('kind' | 'name' | 'state')[] => [
  ...(form.kind === '' ? (['kind'] as const) : []),
  ...(form.name.trim() === '' ? (['name'] as const) : []),
  ...(form.state === '' || /^[A-Z]{3}$/.test(form.state) ? [] : (['state'] as const)),
];

/** What is sent: only what was said. */
export function admitBody(form: AdmitForm): AdmitBody {
  if (form.kind === '') throw new Error('The kind of a body is missing.');
  return {
    kind: form.kind,
    name: form.name.trim(),
    ...(form.acronym.trim() ? { acronym: form.acronym.trim() } : {}),
    ...(form.state ? { state: form.state } : {}),
    ...(form.region ? { region: form.region } : {}),
    ...(form.parent ? { parent: form.parent } : {}),
    ...(form.timeZone ? { timeZone: form.timeZone } : {}),
    ...(form.exercise ? { exercise: true } : {}),
  };
}

export const grantedRoles = ['coordinator', 'contributor', 'observer'] as const;

/** How a person with a role is called; by the account where the platform knows no name. */
export const nameOf = (person: Person): string => person.name ?? person.signInName ?? person.account;

/** As the platform writes the names that people sign in with. */
export const accountName = (text: string): string => text.trim().toLowerCase();
export const isAccountName = (text: string): boolean => text.length <= 80 && /^[a-z0-9]+([.-][a-z0-9]+)*$/.test(text);
