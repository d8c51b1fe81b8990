import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '../api/queries';
import type { RegionView } from '../api/types';
import { useTranslation } from '../i18n';
import { Empty, Loading, PageHead, Trouble } from '../ui/pieces';
import { Subscriptions } from './Subscriptions';
import './regions.css';

export function RegionsPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(queries.regions());
  const regions = data?.items ?? [];
  const roots = regions.filter((region) => !region.parent || !regions.some((one) => one.code === region.parent));
  return (
    <div className="page">
      <PageHead title={t('regions:title')} />
      <Trouble error={error} retry={() => void refetch()} />
      {isPending && <Loading />}
      {data && regions.length === 0 && <Empty title={t('regions:none')} />}
      <div className="columns columns-side">
        <ul className="region-grid">
          {roots.map((region) => (
            <li key={region.code} className="card">
              <h2>
                <Link to="/regions/$name" params={{ name: region.name }}>
                  {region.name}
                </Link>
              </h2>
              <p className="hint">{t('bodies:count', { count: region.bodies })}</p>
              <Children regions={regions} of={region} />
            </li>
          ))}
        </ul>
        <Subscriptions />
      </div>
    </div>
  );
}

function Children({ regions, of }: { regions: RegionView[]; of: RegionView }) {
  const children = regions.filter((region) => region.parent === of.code);
  if (children.length === 0) return null;
  return (
    <ul className="region-children">
      {children.map((region) => (
        <li key={region.code}>
          <Link to="/regions/$name" params={{ name: region.name }}>
            {region.name}
          </Link>{' '}
          <span className="number hint">{region.bodies}</span>
          <Children regions={regions} of={region} />
        </li>
      ))}
    </ul>
  );
}
