import { useTranslation } from '../../i18n';
import { personOf } from './model';

/** The person, beside the name of the body that the person acted for. */
export function PersonName({ name, body }: { name?: string | null | undefined; body?: string | null | undefined }) {
  const { t } = useTranslation();
  const named = personOf(name, body);
  if (!named) return null;
  return (
    <span className="hint" dir="auto" data-testid="person-name">
      {named.kind === 'person' ? named.name : t('words:formerMember', { body: named.body })}
    </span>
  );
}
