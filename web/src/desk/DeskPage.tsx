import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useBodyNames } from '../api/names';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import { type PlanView, pillars } from '../api/types';
import { useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { countMilestones } from '../live/patch';
import { More } from '../parts/list/More';
import { useList } from '../parts/list/useList';
import { milestonesShown } from '../parts/milestone/lists';
import { MilestoneRow } from '../parts/milestone/MilestoneRow';
import { RequestRow } from '../parts/request/RequestRow';
import { Timeline } from '../parts/timeline/Timeline';
import { today } from '../ui/dates';
import { Empty, ExerciseTag, Loading, PageHead, StatusBar, StatusCounts, Trouble } from '../ui/pieces';
import { type Shown, StatusIcon } from '../ui/status';
import { HintCard } from './HintCard';
import { InboxCard } from './InboxCard';
import { mostNeeds, type Need, needs, waitsForApproval } from './model';
import { SinceCard } from './SinceCard';
import './desk.css';

export function DeskPage() {
  const { t } = useTranslation();
  const session = useSession();
  const body = session.body?.id;
  const speaks = { enabled: body !== undefined };
  const lists = {
    late: useQuery({ ...queries.firstMilestones(milestonesShown('late', body, today()), mostNeeds), ...speaks }),
    'at-risk': useQuery({ ...queries.firstMilestones(milestonesShown('at-risk', body, today()), mostNeeds), ...speaks }),
    soon: useQuery({ ...queries.firstMilestones(milestonesShown('soon', body, today()), 1), ...speaks }),
    'to-approve': useQuery({ ...queries.firstMilestones(milestonesShown('to-approve', body, today()), mostNeeds), ...speaks }),
  };
  const waiting = useQuery(queries.firstRequests({ waiting: true, sort: '-urgency' }, mostNeeds));
  const plans = useList({ ...queries.plans({ body, sort: 'title' }), ...speaks }, (plan) => plan.id);
  const asked = [...Object.values(lists), waiting];
  const toAnswer = waiting.data?.total ?? 0;
  const list = needs(
    [...(lists.late.data?.items ?? []), ...(lists['at-risk'].data?.items ?? [])],
    (lists['to-approve'].data?.items ?? []).filter(waitsForApproval),
    waiting.data?.items ?? [],
  );
  const loading = asked.some((one) => one.isLoading);

  return (
    <div className="page desk" data-testid="desk">
      <PageHead
        title={session.body?.name ?? session.displayName}
        kicker={`${session.displayName} · ${t(`words:role.${session.role}`)}`}
        tags={session.body?.exercise && <ExerciseTag />}
      >
        {session.role === 'coordinator' && (
          <Link to="/requests/new" search={{}} className="button button-primary" data-testid="request-new">
            {t('requests:new')}
          </Link>
        )}
      </PageHead>
      <HintCard />
      <ul className="tiles" aria-label={t('desk:chips')}>
        <Tile to="late" status="late" count={lists.late.data?.total ?? 0} body={body} />
        <Tile to="at-risk" status="at-risk" count={lists['at-risk'].data?.total ?? 0} body={body} />
        <Tile to="soon" status="planned" count={lists.soon.data?.total ?? 0} body={body} />
        <Tile to="to-approve" status="done" count={lists['to-approve'].data?.total ?? 0} body={body} />
        <li>
          <Link
            to="/requests"
            search={{ waiting: true, sort: '-urgency' }}
            className={toAnswer > 0 ? 'tile tile-request' : 'tile tile-none'}
          >
            <span className="tile-number number">{toAnswer}</span>
            <span className="tile-word">{t('desk:chip.toAnswer', { count: toAnswer })}</span>
          </Link>
        </li>
      </ul>
      <div className="columns">
        <div className="stack-large">
          <section className="card" aria-labelledby="needs">
            <h2 id="needs">{t('desk:needs')}</h2>
            <Trouble
              error={asked.find((one) => one.error)?.error}
              retry={() => void Promise.all(asked.filter((one) => one.error).map((one) => one.refetch()))}
            />
            {loading ? (
              <Loading />
            ) : list.length === 0 ? (
              <Empty title={t('desk:nothing')}>
                <Link to="/plans" className="button">
                  {t('desk:nothingAction')}
                </Link>
              </Empty>
            ) : (
              <ul className="rows">
                {list.map((need) => (
                  <NeedRow key={need.key} need={need} />
                ))}
              </ul>
            )}
          </section>
          {plans.items?.map((plan) => (
            <PlanCard key={plan.id} plan={plan} />
          ))}
          <More list={plans} testId="desk-plans-more" />
        </div>
        <div className="stack-large">
          <SinceCard />
          <InboxCard />
        </div>
      </div>
    </div>
  );
}

function Tile({
  to,
  status,
  count,
  body,
}: {
  to: 'late' | 'at-risk' | 'soon' | 'to-approve';
  status: Shown;
  count: number;
  body: string | undefined;
}) {
  const { t } = useTranslation();
  return (
    <li>
      <Link to="/milestones" search={{ show: to, ...(body ? { body } : {}) }} className={count > 0 ? `tile tile-${to}` : 'tile tile-none'}>
        <span className="tile-number number">
          <StatusIcon status={status} size={18} />
          {count}
        </span>
        <span className="tile-word">{t(`desk:chip.${to}`, { count })}</span>
      </Link>
    </li>
  );
}

function NeedRow({ need }: { need: Need }) {
  const { t } = useTranslation();
  const nameOf = useBodyNames();
  if (need.kind === 'request') return <RequestRow request={need.request} />;
  if (need.kind === 'approve') {
    const report = need.milestone.reports.find((one) => one.state === 'submitted');
    return (
      <li className="row need-approve" data-testid="approve-row" data-milestone={need.milestone.id}>
        <div className="row-main">
          <p className={isErased(need.milestone.title) ? 'row-title erased' : 'row-title'} dir="auto">
            {need.milestone.title}
          </p>
          <p className="row-meta">
            <span>
              {t('desk:reported', { body: report ? nameOf(report.body) : '', status: report ? t(`words:status.${report.status}`) : '' })}
            </span>
          </p>
        </div>
        <div className="row-end">
          <Link to="/plans/$id" params={{ id: need.milestone.plan }} search={{ m: need.milestone.id }} className="button button-small">
            {t('desk:review')}
          </Link>
        </div>
      </li>
    );
  }
  return <MilestoneRow milestone={need.milestone} showPlan />;
}

function PlanCard({ plan }: { plan: PlanView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data } = useQuery(queries.plan(plan.id));
  const measures = data?.measures ?? [];
  return (
    <section className="card" aria-labelledby={`plan-${plan.id}`}>
      <div className="card-head">
        <h2 id={`plan-${plan.id}`}>
          <Link to="/plans/$id" params={{ id: plan.id }} search={{}} dir="auto">
            {plan.title}
          </Link>
        </h2>
        <span className="chip">{t(`words:planStatus.${plan.status}`)}</span>
      </div>
      <StatusCounts counts={plan.milestones} />
      {measures.length > 0 && (
        <ul className="pillar-bars">
          {pillars.map((pillar) => {
            const milestones = measures.filter((measure) => measure.pillar === pillar).flatMap((measure) => measure.milestones);
            if (milestones.length === 0) return null;
            const counts = countMilestones(milestones);
            return (
              <li key={pillar}>
                <span className="pillar-name">{t(`words:pillar.${pillar}`)}</span>
                <StatusBar counts={counts} label={t(`words:pillar.${pillar}`)} />
                <span className="number pillar-count">{t('words:ofTotal', { done: counts.done, total: counts.total })}</span>
              </li>
            );
          })}
        </ul>
      )}
      {data && measures.some((measure) => measure.milestones.length > 0) && (
        <Timeline
          measures={measures.filter((measure) => measure.milestones.length > 0)}
          today={data.today}
          zoom="year"
          compact
          onSelect={(milestone) => void navigate({ to: '/plans/$id', params: { id: plan.id }, search: { m: milestone.id } })}
        />
      )}
    </section>
  );
}
