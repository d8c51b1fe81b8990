import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useBodyNames } from '../api/names';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import type { MilestoneView, PlanView } from '../api/types';
import { useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { More } from '../parts/list/More';
import { useList } from '../parts/list/useList';
import { milestonesShown } from '../parts/milestone/lists';
import { MilestoneRow } from '../parts/milestone/MilestoneRow';
import { RequestRow } from '../parts/request/RequestRow';
import { linesOf } from '../parts/timeline/model';
import { Timeline } from '../parts/timeline/Timeline';
import { today } from '../ui/dates';
import { Empty, ExerciseTag, Loading, NotYet, PageHead, StatusBar, StatusCounts, Trouble } from '../ui/pieces';
import { type Shown, StatusIcon } from '../ui/status';
import { HintCard } from './HintCard';
import { InboxCard } from './InboxCard';
import { mostNeeds, type Need, needs, waitsForApproval } from './model';
import { SinceCard } from './SinceCard';
import './desk.css';

/** Milestones of a plan that its card draws at most. */
const mostOnCard = 500;

/** The form of a word beside a number that is not known yet. */
const many = 100;

/** Measures of which the desk shows the timeline; that of a larger plan is on its page. */
const mostLines = 40;

export function DeskPage() {
  const { t } = useTranslation();
  const session = useSession();
  const body = session.body?.id;
  const speaks = { enabled: body !== undefined };
  // To approve is the coordinator's. The others may see what waits, in the list of milestones, but it does not wait for them.
  const approves = body !== undefined && session.role === 'coordinator';
  const lists = {
    late: useQuery({ ...queries.firstMilestones(milestonesShown('late', body, today()), mostNeeds), ...speaks }),
    'at-risk': useQuery({ ...queries.firstMilestones(milestonesShown('at-risk', body, today()), mostNeeds), ...speaks }),
    soon: useQuery({ ...queries.firstMilestones(milestonesShown('soon', body, today()), 1), ...speaks }),
    'to-approve': useQuery({ ...queries.firstMilestones(milestonesShown('to-approve', body, today()), mostNeeds), enabled: approves }),
  };
  const waiting = useQuery(queries.firstRequests({ waiting: true, sort: '-urgency' }, mostNeeds));
  const plans = useList({ ...queries.plans({ body, sort: 'title' }), ...speaks }, (plan) => plan.id);
  const asked = [...Object.values(lists), waiting];
  const toAnswer = waiting.data?.total;
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
        {body !== undefined && (
          <>
            <Tile to="late" status="late" count={lists.late.data?.total} body={body} />
            <Tile to="at-risk" status="at-risk" count={lists['at-risk'].data?.total} body={body} />
            <Tile to="soon" status="planned" count={lists.soon.data?.total} body={body} />
            {approves && <Tile to="to-approve" status="done" count={lists['to-approve'].data?.total} body={body} />}
          </>
        )}
        <li>
          <Link to="/requests" search={{ waiting: true, sort: '-urgency' }} className={toAnswer ? 'tile tile-request' : 'tile tile-none'}>
            <span className="tile-number number">{toAnswer ?? <NotYet />}</span>
            <span className="tile-word">{t('desk:chip.toAnswer', { count: toAnswer ?? many })}</span>
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
  count: number | null | undefined;
  body: string;
}) {
  const { t } = useTranslation();
  return (
    <li>
      <Link to="/milestones" search={{ show: to, body }} className={count ? `tile tile-${to}` : 'tile tile-none'}>
        <span className="tile-number number">
          <StatusIcon status={status} size={18} />
          {count ?? <NotYet />}
        </span>
        <span className="tile-word">{t(`desk:chip.${to}`, { count: count ?? many })}</span>
      </Link>
    </li>
  );
}

function NeedRow({ need }: { need: Need }) {
  if (need.kind === 'request') return <RequestRow request={need.request} />;
  if (need.kind === 'approve') return <ApproveRow milestone={need.milestone} />;
  return <MilestoneRow milestone={need.milestone} showPlan />;
}

function ApproveRow({ milestone }: { milestone: MilestoneView }) {
  const { t } = useTranslation();
  const nameOf = useBodyNames();
  const { data } = useInfiniteQuery(queries.reports(milestone.plan, milestone.id));
  const report = data?.pages.flatMap((page) => page.items).find((one) => one.state === 'submitted');
  return (
    <li className="row need-approve" data-testid="approve-row" data-milestone={milestone.id}>
      <div className="row-main">
        <p className={isErased(milestone.title) ? 'row-title erased' : 'row-title'} dir="auto">
          {milestone.title}
        </p>
        <p className="row-meta">
          <span>
            {report
              ? t('desk:reported', { body: nameOf(report.body), status: t(`words:status.${report.status}`) })
              : t('plans:toApprove', { count: milestone.reportsToApprove })}
          </span>
        </p>
      </div>
      <div className="row-end">
        <Link to="/plans/$id" params={{ id: milestone.plan }} search={{ m: milestone.id }} className="button button-small">
          {t('desk:review')}
        </Link>
      </div>
    </li>
  );
}

function PlanCard({ plan }: { plan: PlanView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data } = useQuery(queries.plan(plan.id));
  const held = useQuery({ ...queries.firstMilestones({ plan: plan.id }, mostOnCard), enabled: plan.milestones.total <= mostOnCard });
  const lines = useMemo(() => linesOf(held.data?.items ?? []), [held.data]);
  const pillars = (data?.pillars ?? []).filter((one) => one.milestones.total > 0);
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
      {pillars.length > 0 && (
        <ul className="pillar-bars">
          {pillars.map(({ pillar, milestones: counts }) => (
            <li key={pillar}>
              <span className="pillar-name">{t(`words:pillar.${pillar}`)}</span>
              <StatusBar counts={counts} label={t(`words:pillar.${pillar}`)} />
              <span className="number pillar-count">{t('words:ofTotal', { done: counts.done, total: counts.total })}</span>
            </li>
          ))}
        </ul>
      )}
      {data && lines.length > 0 && lines.length <= mostLines && (
        <Timeline
          measures={lines}
          today={data.today}
          zoom="year"
          compact
          onSelect={(milestone) => void navigate({ to: '/plans/$id', params: { id: plan.id }, search: { m: milestone.id } })}
        />
      )}
    </section>
  );
}
