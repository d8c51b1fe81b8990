import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import { bodyKinds } from '../api/types';
import { useTranslation } from '../i18n';
import { useHere } from '../live/react';
import { Empty, ExerciseTag, Loading, PageHead, Trouble } from '../ui/pieces';
import { filterBodies } from './model';
import './bodies.css';

const AdmitBody = lazy(() => import('./AdmitForm').then((module) => ({ default: module.AdmitBody })));
const route = getRouteApi('/shell/bodies');

export function BodiesPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const here = useHere();
  const { role } = useSession();
  const { data, error, isPending, refetch } = useQuery(queries.bodies());
  const [admitting, setAdmitting] = useState(false);
  const all = data?.items ?? [];
  const bodies = filterBodies(all, search);
  const kinds = bodyKinds.filter((kind) => all.some((body) => body.kind === kind));
  const regions = [...new Set(all.map((body) => body.region).filter((region): region is string => Boolean(region)))].sort((a, b) =>
    a.localeCompare(b),
  );
  const set = (part: Partial<typeof search>) =>
    void navigate({
      to: '/bodies',
      search: Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value)),
      replace: true,
    });
  return (
    <div className="page">
      <PageHead title={t('bodies:title')}>
        {role === 'administrator' && (
          <button type="button" className="button button-primary" onClick={() => setAdmitting(true)} data-testid="admit-body">
            {t('bodies:admit')}
          </button>
        )}
      </PageHead>
      <div className="filters" role="search" aria-label={t('words:filter')}>
        <label className="grow">
          <span>{t('words:search')}</span>
          <input type="search" value={search.text ?? ''} onChange={(event) => set({ text: event.target.value })} />
        </label>
        <label>
          <span>{t('bodies:kind')}</span>
          <select value={search.kind ?? ''} onChange={(event) => set({ kind: event.target.value })}>
            <option value="">{t('words:any')}</option>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`words:bodyKind.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('plans:region')}</span>
          <select value={search.region ?? ''} onChange={(event) => set({ region: event.target.value })}>
            <option value="">{t('words:any')}</option>
            {regions.map((region) => (
              <option key={region} value={region}>
                {region}
              </option>
            ))}
          </select>
        </label>
        {role === 'administrator' && (
          <label className="check">
            <input
              type="checkbox"
              checked={search.alone ?? false}
              onChange={(event) => set({ alone: event.target.checked || undefined })}
              data-testid="without-coordinator"
            />
            <span>{t('bodies:withoutCoordinator')}</span>
          </label>
        )}
      </div>
      <Trouble error={error} retry={() => void refetch()} />
      {isPending && <Loading lines={8} />}
      {data && (
        <p className="count" role="status">
          {t('bodies:count', { count: bodies.length })}
        </p>
      )}
      {data && bodies.length === 0 && (
        <Empty title={t('bodies:none')}>
          <Link to="/bodies" search={{}} className="button">
            {t('words:clearFilters')}
          </Link>
        </Empty>
      )}
      {bodies.length > 0 && (
        <section className="card" aria-label={t('bodies:title')}>
          <ul className="rows">
            {bodies.map((body) => (
              <li key={body.id} className="row body-row" data-body={body.id}>
                <div className="row-main">
                  <Link to="/bodies/$id" params={{ id: body.id }} className="row-title" dir="auto">
                    {body.name}
                  </Link>
                  <p className="row-meta">
                    <span>{t(`words:bodyKind.${body.kind}`)}</span>
                    {body.acronym && <span>{body.acronym}</span>}
                    {body.region && <span>{body.region}</span>}
                    {body.status.plans > 0 && <span>{t('bodies:plans', { count: body.status.plans })}</span>}
                    {body.status.milestones.late > 0 && (
                      <span className="due-late">{t('plans:late', { count: body.status.milestones.late })}</span>
                    )}
                    {body.status.openRequests > 0 && <span>{t('bodies:openRequests', { count: body.status.openRequests })}</span>}
                  </p>
                </div>
                <div className="row-end">
                  {(here ? here.online.includes(body.id) : body.status.online) && <span className="online">{t('words:online')}</span>}
                  {body.coordinators === 0 && <span className="chip due-late">{t('bodies:noCoordinator')}</span>}
                  {body.exercise && <ExerciseTag />}
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      {admitting && (
        <Suspense>
          <AdmitBody onClose={() => setAdmitting(false)} />
        </Suspense>
      )}
    </div>
  );
}
