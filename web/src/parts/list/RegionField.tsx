import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries';
import { useTranslation } from '../../i18n';

/** Chooses one of the regions that bodies lie in, or any, for a list. */
export function RegionField({ value, onChange }: { value: string | undefined; onChange: (region: string) => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(queries.regions());
  return (
    <label>
      <span>{t('plans:region')}</span>
      <select value={value ?? ''} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t('words:any')}</option>
        {(data?.items ?? []).map((region) => (
          <option key={region.code} value={region.name}>
            {region.name}
          </option>
        ))}
      </select>
    </label>
  );
}
