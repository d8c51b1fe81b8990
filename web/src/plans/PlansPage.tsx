import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { queries, wholeList } from '../api/queries';
import { useSession } from '../api/session';
import { type PlanView, planStatuses } from '../api/types';
import { useLocale, useTranslation } from '../i18n';
import { useFlash } from '../live/react';
import { More, Shown } from '../parts/list/More';
import { RegionField } from '../parts/list/RegionField';
import { SearchField } from '../parts/list/SearchField';
import { useList } from '../parts/list/useList';
import { iterationIn } from '../parts/plan/model';
import { NewPlanButton } from '../parts/plan/NewPlanButton';
import { formatPartial } from '../ui/dates';
import { ExportButton } from '../ui/export';
import { Cite, Empty, ExerciseTag, Loading, PageHead, StatusBar, Trouble } from '../ui/pieces';
import { planSorts, plansHead, plansRows } from './model';
import './plans.css';

const route = getRouteApi('/shell/plans');

export function PlansPage() {
  const { t } = useTranslation();
  const session = useSession();
  const search = route.useSearch();
  const navigate = useNavigate();
  const asked = {
    q: search.q,
    status: search.status,
    region: search.region,
    exercise: search.exercise && search.exercise === 'only',
    sort: search.sort ?? 'body',
  };
  const list = useList(queries.plans(asked), (plan) => plan.id);
  const set = (part: Partial<typeof search>) =>
    void navigate({
      to: '/plans',
      search: Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value)),
      replace: true,
    });

  return (
    <div className="page">
      <PageHead title={t('plans:title')}>
        <ExportButton
          file="plans.csv"
          head={plansHead(t)}
          rows={async (onRead, signal) => plansRows(await wholeList.plans(asked, onRead, signal), t)}
          testId="plans-export"
        />
        {session.role === 'coordinator' && <NewPlanButton />}
      </PageHead>
      <div className="filters" role="search" aria-label={t('words:filter')}>
        <SearchField value={search.q} onChange={(q) => set({ q })} />
        <label>
          <span>{t('plans:status')}</span>
          <select value={search.status ?? ''} onChange={(event) => set({ status: planStatuses.find((one) => one === event.target.value) })}>
            <option value="">{t('words:any')}</option>
            {planStatuses.map((status) => (
              <option key={status} value={status}>
                {t(`words:planStatus.${status}`)}
              </option>
            ))}
          </select>
        </label>
        <RegionField value={search.region} onChange={(region) => set({ region })} />
        <label>
          <span>{t('words:exercise')}</span>
          <select
            value={search.exercise ?? ''}
            onChange={(event) => set({ exercise: (event.target.value || undefined) as 'only' | 'none' | undefined })}
          >
            <option value="">{t('plans:exercise.both')}</option>
            <option value="only">{t('plans:exercise.only')}</option>
            <option value="none">{t('plans:exercise.none')}</option>
          </select>
        </label>
        <label>
          <span>{t('plans:sort.label')}</span>
          <select value={search.sort ?? 'body'} onChange={(event) => set({ sort: planSorts.find((one) => one === event.target.value) })}>
            {planSorts.map((sort) => (
              <option key={sort} value={sort}>
                {t(`plans:sort.${sort}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Trouble error={list.error} retry={list.again} />
      {!list.items && !list.error && <Loading lines={8} />}
      {list.items && <Shown list={list} all={t('plans:count', { count: list.total })} />}
      {list.items?.length === 0 && (
        <Empty title={t('plans:none')}>
          <Link to="/plans" search={{}} className="button">
            {t('words:clearFilters')}
          </Link>
        </Empty>
      )}
      <ul className="plan-grid" aria-busy={list.isOld}>
        {list.items?.map((plan) => (
          <PlanCard key={plan.id} plan={plan} />
        ))}
      </ul>
      <More list={list} />
    </div>
  );
}

function PlanCard({ plan }: { plan: PlanView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const flash = useFlash(`plan/${plan.id}`);
  return (
    <li className={flash ? 'card plan-card flash' : 'card plan-card'} data-plan={plan.id}>
      <p className="kicker">
        <span dir="auto">{plan.bodyName}</span>
        {plan.region && <span> · {plan.region}</span>}
      </p>
      <h2>
        <Link to="/plans/$id" params={{ id: plan.id }} search={{}} dir="auto">
          {plan.title}
        </Link>
      </h2>
      <p className="row-meta">
        <span className={`chip plan-${plan.status}`}>{t(`words:planStatus.${plan.status}`)}</span>
        {plan.iteration && <span>{iterationIn(t, plan.iteration)}</span>}
        {plan.period && (
          <span className="number">
            {plan.period.from ? formatPartial(plan.period.from, locale) : '…'} –{' '}
            {plan.period.to ? formatPartial(plan.period.to, locale) : '…'}
          </span>
        )}
        {plan.exercise && <ExerciseTag />}
      </p>
      {plan.milestones.total > 0 ? (
        <>
          <StatusBar counts={plan.milestones} />
          <p className="row-meta">
            <span className="number">{t('words:ofTotal', { done: plan.milestones.done, total: plan.milestones.total })}</span>
            {plan.milestones.late > 0 && <span className="due-late">{t('plans:late', { count: plan.milestones.late })}</span>}
            {plan.reportsToApprove > 0 && <span className="chip chip-waits">{t('plans:toApprove', { count: plan.reportsToApprove })}</span>}
          </p>
        </>
      ) : (
        <p className="hint">{t('plans:noMilestones')}</p>
      )}
      <Cite source={plan.source} />
    </li>
  );
}
