import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useBodyNames } from '../api/names';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import type { BodyDetail, BodyName } from '../api/types';
import { useLocale, useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { useFollow, useHere } from '../live/react';
import { More } from '../parts/list/More';
import { useList } from '../parts/list/useList';
import { Waiting } from '../parts/page/Waiting';
import { iterationIn } from '../parts/plan/model';
import { NewPlanButton } from '../parts/plan/NewPlanButton';
import { RequestRow } from '../parts/request/RequestRow';
import { formatPartial } from '../ui/dates';
import { Cite, ExerciseBanner, ExerciseTag, PageHead, StatusBar, StatusCounts } from '../ui/pieces';
import { LeftOpen } from './LeftOpen';
import { sortFacts } from './model';
import { People } from './People';
import './bodies.css';

const ChangeProfile = lazy(() => import('./ProfileForm').then((module) => ({ default: module.ChangeProfile })));
const route = getRouteApi('/shell/bodies/$id');

export function BodyPage() {
  const { id } = route.useParams();
  const { data: body, error, refetch } = useQuery(queries.body(id));
  useFollow(`body/${id}`);
  if (!body) return <Waiting error={error} retry={refetch} />;
  return <Body body={body} />;
}

function Body({ body }: { body: BodyDetail }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const session = useSession();
  const here = useHere();
  const [changing, setChanging] = useState(false);
  const online = here ? here.online.includes(body.id) : body.status.online;
  const plans = useList(queries.plans({ body: body.id }), (plan) => plan.id);
  const requests = useList(queries.requests({ body: body.id, open: true }), (request) => request.id);
  const nameOf = useBodyNames();
  const place = [body.region, body.subregion, body.intermediateRegion].filter(Boolean).join(' · ');
  return (
    <div className="page">
      {body.exercise && <ExerciseBanner />}
      <PageHead
        title={body.acronym ? `${body.name} (${body.acronym})` : body.name}
        kicker={
          <>
            <Link to="/bodies" search={{}}>
              {t('bodies:title')}
            </Link>{' '}
            · {t(`words:bodyKind.${body.kind}`)}
          </>
        }
        tags={
          <>
            {body.exercise && <ExerciseTag />}
            {body.coordinators === 0 && <span className="chip due-late">{t('bodies:noCoordinator')}</span>}
          </>
        }
      >
        {session.role === 'coordinator' && session.body?.id !== body.id && (
          <Link to="/requests/new" search={{ to: body.id }} className="button button-primary">
            {t('bodies:ask')}
          </Link>
        )}
        {session.role === 'coordinator' && session.body?.id === body.id && <NewPlanButton />}
      </PageHead>
      <div className="columns columns-side">
        <div className="stack-large">
          <LeftOpen body={body} />
          <Card title={t('bodies:plansTitle')} empty={plans.items?.length === 0 && t('bodies:noPlans')}>
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
                    <p className="row-meta">
                      <span className={`chip plan-${plan.status}`}>{t(`words:planStatus.${plan.status}`)}</span>
                      {plan.iteration && <span>{iterationIn(t, plan.iteration)}</span>}
                      <Cite source={plan.source} />
                    </p>
                    {plan.milestones.total > 0 && <StatusBar counts={plan.milestones} />}
                  </div>
                </li>
              ))}
            </ul>
            <More list={plans} />
          </Card>
          <Card title={t('bodies:requestsTitle')} empty={requests.items?.length === 0 && t('bodies:noRequests')}>
            <ul className="rows">
              {requests.items?.map((request) => (
                <RequestRow key={request.id} request={request} />
              ))}
            </ul>
            <More list={requests} />
          </Card>
          {(body.facts.length > 0 || !body.exercise) && (
            <Card title={t('bodies:facts')} empty={body.facts.length === 0 && t('bodies:noFacts')}>
              <ul className="fact-list">
                {sortFacts(body.facts).map((fact) => (
                  <li key={fact.id}>
                    <p dir="auto">{fact.summary}</p>
                    <p className="row-meta">
                      <span className="chip">{t(`bodies:factKind.${fact.kind}` as never, { defaultValue: fact.kind })}</span>
                      {fact.pillar && <span>{t(`words:pillar.${fact.pillar}`)}</span>}
                      {fact.status && <span>{t(`bodies:factStatus.${fact.status}` as never, { defaultValue: fact.status })}</span>}
                      <Cite source={fact.source} />
                    </p>
                  </li>
                ))}
              </ul>
            </Card>
          )}
          {body.agreements.length > 0 && (
            <Card title={t('bodies:agreements')}>
              <ul className="fact-list">
                {body.agreements.map((agreement) => (
                  <li key={agreement.id}>
                    <p dir="auto">{agreement.name}</p>
                    <p className="row-meta">
                      <span className="chip">{agreement.kind}</span>
                      {agreement.relation && <span>{agreement.relation}</span>}
                      {agreement.parties.length > 0 && (
                        <span>
                          {t('bodies:parties', { names: agreement.parties.map(nameOf).join(', ') })}
                          {!agreement.partiesComplete && ` ${t('bodies:andOthers')}`}
                        </span>
                      )}
                      <Cite source={agreement.source} />
                    </p>
                  </li>
                ))}
              </ul>
            </Card>
          )}
        </div>
        <aside className="stack-large">
          <section className="card" aria-labelledby="status-now">
            <h2 id="status-now">{t('bodies:now')}</h2>
            <p>{online ? <span className="online">{t('words:online')}</span> : <span className="hint">{t('bodies:offline')}</span>}</p>
            <dl className="facts facts-column">
              <Fact name={t('bodies:plansTitle')}>{body.status.plans}</Fact>
              <Fact name={t('bodies:requestsTitle')}>{body.status.openRequests}</Fact>
            </dl>
            {body.status.milestones.total > 0 && <StatusCounts counts={body.status.milestones} />}
          </section>
          <section className="card" aria-labelledby="profile">
            <div className="card-head">
              <h2 id="profile">{t('bodies:profile')}</h2>
              {body.verbs.includes('change-profile') && (
                <button type="button" className="button button-small" onClick={() => setChanging(true)} data-testid="change-profile">
                  {t('bodies:changeProfile')}
                </button>
              )}
            </div>
            <dl className="facts facts-column">
              {body.state && <Fact name={t('bodies:state')}>{body.state}</Fact>}
              <Fact name={t('plans:region')}>
                {body.region ? (
                  <Link to="/regions/$name" params={{ name: body.region }}>
                    {place}
                  </Link>
                ) : (
                  t('words:notStated')
                )}
              </Fact>
              {body.parent && (
                <Fact name={t('bodies:parent')}>
                  <Link to="/bodies/$id" params={{ id: body.parent }} dir="auto">
                    {nameOf(body.parent)}
                  </Link>
                  {body.parentRelation && <span className="hint block">{body.parentRelation}</span>}
                </Fact>
              )}
              <Fact name={t('bodies:legalBasis')}>{body.legalBasis || t('words:notStated')}</Fact>
              <Fact name={t('bodies:chair')}>
                {body.chairs.length === 0
                  ? t('words:notStated')
                  : body.chairs.map((term) => (
                      <span key={term.body + (term.from ?? '')} className="block">
                        <Link to="/bodies/$id" params={{ id: term.body }} dir="auto">
                          {nameOf(term.body)}
                        </Link>{' '}
                        <span className="hint">
                          {[term.from, term.to, !term.from && !term.to ? term.asAt : null]
                            .filter((date): date is string => Boolean(date))
                            .map((date) => formatPartial(date, locale))
                            .join(' – ')}
                        </span>
                      </span>
                    ))}
              </Fact>
              <Fact name={t('bodies:timeZone')}>{body.timeZone || t('bodies:utc')}</Fact>
            </dl>
            {body.note && (
              <p className="hint" dir="auto">
                {body.note}
              </p>
            )}
            <Cite source={body.source} />
          </section>
          {body.focalPoints.length > 0 && (
            <section className="card" aria-labelledby="focal">
              <h2 id="focal">{t('bodies:focalPoints')}</h2>
              <dl className="facts facts-column">
                {body.focalPoints.map((point) => (
                  <Fact key={point.subject} name={point.subject}>
                    {point.office}
                  </Fact>
                ))}
              </dl>
            </section>
          )}
          <Names title={t('bodies:members')} bodies={body.members} />
          <Names title={t('bodies:children')} bodies={body.children} />
          <People body={body} />
        </aside>
      </div>
      {changing && (
        <Suspense>
          <ChangeProfile body={body} onClose={() => setChanging(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Card({ title, empty = false, children }: { title: string; empty?: string | false; children: ReactNode }) {
  const id = `card-${title.replace(/\s+/g, '-')}`;
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {empty ? <p className="hint">{empty}</p> : children}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={typeof children === 'string' && isErased(children) ? 'erased' : undefined}>
        {/* A value in another script than the page's stands where the others do. */}
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
}

function Names({ title, bodies }: { title: string; bodies: BodyName[] }) {
  if (bodies.length === 0) return null;
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <ul className="member-list">
        {bodies.map((body) => (
          <li key={body.id}>
            <Link to="/bodies/$id" params={{ id: body.id }} dir="auto">
              {body.name}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
