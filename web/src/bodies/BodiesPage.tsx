import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import { bodyKinds } from '../api/types';
import { useTranslation } from '../i18n';
import { useHere } from '../live/react';
import { More, Shown } from '../parts/list/More';
import { RegionField } from '../parts/list/RegionField';
import { SearchField } from '../parts/list/SearchField';
import { useList } from '../parts/list/useList';
import { Empty, ExerciseTag, Loading, PageHead, Trouble } from '../ui/pieces';
import './bodies.css';

const AdmitBody = lazy(() => import('./AdmitForm').then((module) => ({ default: module.AdmitBody })));
const route = getRouteApi('/shell/bodies');

export function BodiesPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const here = useHere();
  const { role } = useSession();
  const list = useList(
    queries.bodies({
      q: search.q,
      kind: search.kind,
      region: search.region,
      withoutCoordinator: search.alone && role === 'administrator' ? true : undefined,
    }),
    (body) => body.id,
  );
  const [admitting, setAdmitting] = useState(false);
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
        <SearchField value={search.q} onChange={(q) => set({ q })} />
        <label>
          <span>{t('bodies:kind')}</span>
          <select value={search.kind ?? ''} onChange={(event) => set({ kind: bodyKinds.find((one) => one === event.target.value) })}>
            <option value="">{t('words:any')}</option>
            {bodyKinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`words:bodyKind.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        <RegionField value={search.region} onChange={(region) => set({ region })} />
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
      <Trouble error={list.error} retry={list.again} />
      {!list.items && !list.error && <Loading lines={8} />}
      {list.items && <Shown list={list} all={t('bodies:count', { count: list.total })} />}
      {list.items?.length === 0 && (
        <Empty title={t('bodies:none')}>
          <Link to="/bodies" search={{}} className="button">
            {t('words:clearFilters')}
          </Link>
        </Empty>
      )}
      {list.items && list.items.length > 0 && (
        <section className="card" aria-busy={list.isOld} aria-label={t('bodies:title')}>
          <ul className="rows">
            {list.items.map((body) => (
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
          <More list={list} />
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
