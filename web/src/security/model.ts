import type { SecurityEvent } from '../api/types';
import type { Words } from '../i18n';
import type { Cell } from '../ui/csv';

/** The columns of a table for whoever takes the log elsewhere. */
export const securityHead = (t: Words): string[] => [
  t('security:column.at'),
  t('security:column.kind'),
  t('security:column.account'),
  t('security:column.name'),
  t('security:column.body'),
  t('security:column.about'),
  t('security:column.aboutName'),
  t('security:column.aboutBody'),
  t('security:column.network'),
  t('security:column.browser'),
  t('security:column.system'),
  t('security:column.operation'),
  t('security:column.code'),
  t('security:column.count'),
];

/** Its rows: ids and names, the codes as they are. */
export const securityRows = (events: readonly SecurityEvent[]): Cell[][] =>
  events.map((event) => [
    event.at,
    event.kind,
    event.account?.id,
    event.account?.name,
    event.body?.name,
    event.about?.id,
    event.about?.name,
    event.aboutBody?.name,
    event.network,
    event.browser,
    event.system,
    event.operation,
    event.code,
    event.count,
  ]);
