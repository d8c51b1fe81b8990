import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { queries } from '../api/queries';
import { pillars, type RequestView } from '../api/types';
import { useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { More } from '../parts/list/More';
import { useList } from '../parts/list/useList';
import { NotFound } from '../parts/page/NotFound';
import { Waiting } from '../parts/page/Waiting';
import { ageInDays } from '../parts/request/model';
import { RequestRow } from '../parts/request/RequestRow';
import { Empty, ExerciseTag, Loading, PageHead, StatusBar, StatusCounts, Trouble } from '../ui/pieces';
import { StatusIcon, StatusMark, shownStatuses } from '../ui/status';
import { worst } from './model';
import { Subscriptions } from './Subscriptions';
import './regions.css';

const route = getRouteApi('/shell/regions/$name');

export function RegionPage() {
  const { t } = useTranslation();
  const { name } = route.useParams();
  const regions = useQuery(queries.regions());
  const states = useQuery(queries.firstBodies({ region: name, kind: 'state' }, 1));
  const real = useQuery(queries.firstBodies({ region: name, exercise: false }, 1));
  const progress = useQuery(queries.regionProgress(name));
  const plans = useList(queries.plans({ region: name }), (plan) => plan.id);
  const requests = useList(queries.requests({ region: name }), (request) => request.id);
  const waiting = useList(queries.requests({ region: name, status: 'open', sort: 'opened' }), (request) => request.id);
  const region = regions.data?.items.find((one) => one.name === name || one.code === name);
  const rows = progress.data?.items ?? [];
  if (!region) return regions.data ? <NotFound /> : <Waiting error={regions.error} retry={regions.refetch} />;
  return (
    <div className="page">
      <PageHead
        title={region.name}
        kicker={<Link to="/regions">{t('regions:title')}</Link>}
        tags={region.bodies > 0 && real.data?.total === 0 && <ExerciseTag />}
      >
        <Link to="/requests/new" search={{ region: region.name }} className="button">
          {t('regions:call')}
        </Link>
      </PageHead>
      <Trouble error={progress.error} retry={() => void progress.refetch()} />
      {progress.isPending && <Loading lines={8} />}
      <section className="card" aria-labelledby="matrix">
        <h2 id="matrix">{t('regions:matrix')}</h2>
        {progress.data && states.data && rows.length === 0 && <Empty title={t('regions:matrixEmpty', { count: states.data.total ?? 0 })} />}
        {rows.length > 0 && (
          <>
            <div className="table-scroll" tabIndex={0} role="group" aria-labelledby="matrix">
              <table className="matrix">
                <thead>
                  <tr>
                    <th scope="col">{t('regions:state')}</th>
                    {pillars.map((pillar) => (
                      <th key={pillar} scope="col">
                        {t(`words:pillar.${pillar}`)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.state.id} data-body={row.state.id}>
                      <th scope="row">
                        <Link to="/bodies/$id" params={{ id: row.state.id }} dir="auto">
                          {row.state.name}
                        </Link>
                      </th>
                      {pillars.map((pillar) => {
                        const counts = row.pillars.find((one) => one.pillar === pillar)?.milestones;
                        if (!counts)
                          return (
                            <td key={pillar} className="cell-none">
                              <span className="visually-hidden">{t('words:noMilestones')}</span>
                            </td>
                          );
                        const status = worst(counts);
                        return (
                          <td key={pillar} className={`cell cell-${status}`}>
                            <span className="cell-line">
                              <StatusIcon status={status} />
                              <span className="number">{t('words:ofTotal', { done: counts.done, total: counts.total })}</span>
                            </span>
                            <StatusBar counts={counts} />
                          </td>
                        );
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <ul className="legend">
              {shownStatuses.map((status) => (
                <li key={status}>
                  <StatusMark status={status} />
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
      <div className="columns columns-side">
        <div className="stack-large">
          <section className="card" aria-labelledby="unanswered">
            <h2 id="unanswered">{t('regions:unanswered')}</h2>
            <Trouble error={waiting.error} retry={waiting.again} />
            {waiting.items?.length === 0 && <p className="hint">{t('regions:allAnswered')}</p>}
            {waiting.items && waiting.items.length > 0 && <Ages requests={waiting.items} />}
            <More list={waiting} />
          </section>
          <section className="card" aria-labelledby="region-requests">
            <h2 id="region-requests">{t('requests:title')}</h2>
            <Trouble error={requests.error} retry={requests.again} />
            {requests.items?.length === 0 && <p className="hint">{t('regions:noRequests')}</p>}
            <ul className="rows">
              {requests.items?.map((request) => (
                <RequestRow key={request.id} request={request} />
              ))}
            </ul>
            <More list={requests} />
          </section>
          <section className="card" aria-labelledby="region-plans">
            <h2 id="region-plans">{t('plans:title')}</h2>
            <Trouble error={plans.error} retry={plans.again} />
            {plans.items?.length === 0 && <p className="hint">{t('regions:noPlans')}</p>}
            <ul className="rows">
              {plans.items?.map((plan) => (
                <li key={plan.id} className="row">
                  <div className="row-main">
                    <Link
                      to="/plans/$id"
                      params={{ id: plan.id }}
                      search={{}}
                      className={isErased(plan.title) ? 'row-title erased' : 'row-title'}
                      dir="auto"
                    >
                      {plan.title}
                    </Link>
                    {plan.milestones.total > 0 && <StatusCounts counts={plan.milestones} />}
                  </div>
                  <div className="row-end">
                    {plan.exercise && <ExerciseTag />}
                    <span className={`chip plan-${plan.status}`}>{t(`words:planStatus.${plan.status}`)}</span>
                  </div>
                </li>
              ))}
            </ul>
            <More list={plans} />
          </section>
        </div>
        <Subscriptions region={{ name: region.name, code: region?.code }} />
      </div>
    </div>
  );
}

/** How long each has waited, as a bar beside the others. */
function Ages({ requests }: { requests: RequestView[] }) {
  const { t } = useTranslation();
  const now = Date.now();
  const oldest = Math.max(1, ...requests.map((request) => ageInDays(request, now)));
  return (
    <ol className="ages">
      {requests.map((request) => {
        const days = ageInDays(request, now);
        return (
          <li key={request.id} className="row age" data-request={request.id}>
            <Link to="/requests/$id" params={{ id: request.id }} dir="auto">
              {request.subject}
            </Link>
            <span className="age-bar" aria-hidden="true">
              <span className="age-fill" style={{ inlineSize: `${Math.max(2, (days / oldest) * 100)}%` }} />
            </span>
            <span className="number age-days">{t('regions:days', { count: days })}</span>
          </li>
        );
      })}
    </ol>
  );
}
