import type { SecurityEvent } from '../api/types';
import type { Words } from '../i18n';

/** The rows of a table for whoever takes the log elsewhere: ids and names, the codes as they are. */
export const securityRows = (events: readonly SecurityEvent[], t: Words): (string | number | null | undefined)[][] => [
  [
    t('security:column.at'),
    t('security:column.kind'),
    t('security:column.account'),
    t('security:column.name'),
    t('security:column.body'),
    t('security:column.about'),
    t('security:column.name'),
    t('security:column.aboutBody'),
    t('security:column.network'),
    t('security:column.browser'),
    t('security:column.system'),
    t('security:column.operation'),
    t('security:column.code'),
    t('security:column.count'),
  ],
  ...events.map((event) => [
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
  ]),
];
