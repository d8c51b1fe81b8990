import type { Words } from '../../i18n';

/**
 * The person behind what a body did: by name, as a former member where the account was erased, and null where there is nothing to say. An
 * account that is named like its body says no more than the body's name, and the platform itself has neither.
 */
export function personOf(t: Words, name: string | null | undefined, body: string | null | undefined): string | null {
  if (name) return name === body ? null : name;
  return body ? t('words:formerMember', { body }) : null;
}
