import { useTranslation } from '../../i18n';
import { personOf } from './model';

/** The person, beside the name of the body that the person acted for. */
export function PersonName({ name, body }: { name?: string | null | undefined; body?: string | null | undefined }) {
  const { t } = useTranslation();
  const person = personOf(t, name, body);
  return (
    person && (
      <span className="hint" dir="auto">
        {person}
      </span>
    )
  );
}
