import type { OpenRequest, Pillar, RequestKind, RequestView } from '../api/types';
import type { Words } from '../i18n';
import type { Cell } from '../ui/csv';
import { addDays } from '../ui/dates';

export interface RequestForm {
  call: boolean;
  to: string[];
  region: string;
  kind: RequestKind;
  subject: string;
  text: string;
  pillar: Pillar | '';
  mark: 'parties' | 'community' | 'public';
  urgency: 'routine' | 'urgent' | 'immediate';
  neededBy: string;
}

/** How long a kind usually takes, in days: a first proposal that the writer changes. */
const usual: Record<RequestKind, number> = {
  information: 14,
  'good-practice': 30,
  'technical-assistance': 60,
  training: 60,
  'joint-activity': 30,
  'return-and-referral': 7,
  'legal-assistance-tracking': 30,
  funding: 60,
};

export const proposedDate = (kind: RequestKind, today: string): string => addDays(today, usual[kind]);

export type Missing = 'to' | 'region' | 'subject';

export function missing(form: RequestForm): Missing[] {
  return [
    ...(!form.call && form.to.length === 0 ? (['to'] as const) : []),
    ...(form.call && form.region === '' ? (['region'] as const) : []),
    ...(form.subject.trim() === '' ? (['subject'] as const) : []),
  ];
}

export function requestBody(form: RequestForm, measure?: string): OpenRequest {
  return {
    ...(form.call ? { region: form.region } : { to: form.to }),
    kind: form.kind,
    subject: form.subject.trim(),
    ...(form.text.trim() ? { text: form.text.trim() } : {}),
    ...(form.pillar ? { pillar: form.pillar } : {}),
    mark: form.mark,
    urgency: form.urgency,
    ...(form.neededBy ? { neededBy: form.neededBy } : {}),
    ...(measure ? { measure } : {}),
  };
}

/** What requests are sorted by, as the platform calls it. */
export const requestSorts = ['-opened', 'opened', '-changed', 'needed-by', '-urgency', 'subject'] as const;

export const requestsHead = (t: Words): string[] => [
  t('requests:subject'),
  t('plans:column.id'),
  t('requests:from'),
  t('requests:to'),
  t('requests:region'),
  t('requests:kind'),
  t('requests:urgency'),
  t('requests:status'),
  t('requests:openedAt'),
  t('requests:neededByLabel'),
  t('requests:proposedDate'),
];

/** Requests, the codes as they are. */
export const requestsRows = (requests: readonly RequestView[]): Cell[][] =>
  requests.map((request) => [
    request.subject,
    request.id,
    request.fromName,
    request.toNames.join('; '),
    request.region,
    request.kind,
    request.urgency,
    request.status,
    request.openedAt,
    request.neededBy,
    request.proposedDate,
  ]);
