import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useBodyNames } from '../api/names';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import type { MilestoneView, PlanView } from '../api/types';
import { useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { MilestoneRow } from '../parts/milestone/MilestoneRow';
import { RequestRow } from '../parts/request/RequestRow';
import { linesOf } from '../parts/timeline/model';
import { Timeline } from '../parts/timeline/Timeline';
import { today } from '../ui/dates';
import { Empty, ExerciseTag, Loading, PageHead, StatusBar, StatusCounts, Trouble } from '../ui/pieces';
import { type Shown, StatusIcon } from '../ui/status';
import { HintCard } from './HintCard';
import { InboxCard } from './InboxCard';
import { deskCounts, mergeMilestones, type Need, needs, waitsForApproval } from './model';
import { SinceCard } from './SinceCard';
import './desk.css';

const none: readonly MilestoneView[] = [];

/** Measures of which the desk shows the timeline; that of a larger plan is on its page. */
const mostLines = 40;

export function DeskPage() {
  const { t } = useTranslation();
  const session = useSession();
  const body = session.body?.id;
  const own = useQuery({ ...queries.milestones({ body }), enabled: body !== undefined });
  const led = useQuery({ ...queries.milestones({ lead: body }), enabled: body !== undefined });
  const approve = useQuery({ ...queries.milestones({ body, toApprove: true }), enabled: body !== undefined });
  const incoming = useQuery(queries.requests({ box: 'in', open: true }));
  const outgoing = useQuery(queries.requests({ box: 'out', open: true }));
  const plans = useQuery({ ...queries.plans({ body }), enabled: body !== undefined });

  const milestones = mergeMilestones(own.data?.items ?? [], led.data?.items ?? []);
  const toApprove = session.role === 'coordinator' ? (approve.data?.items ?? []).filter(waitsForApproval) : none;
  const requests = [...(incoming.data?.items ?? []), ...(outgoing.data?.items ?? [])];
  const counts = deskCounts(milestones, toApprove, requests, today());
  const list = needs(milestones, toApprove, requests);
  const loading = (body !== undefined && own.isPending) || incoming.isPending;

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
        <Tile to="late" status="late" count={counts.late} body={body} />
        <Tile to="at-risk" status="at-risk" count={counts.atRisk} body={body} />
        <Tile to="soon" status="planned" count={counts.soon} body={body} />
        <Tile to="to-approve" status="done" count={counts.toApprove} body={body} />
        <li>
          <Link to="/requests" search={{ box: 'in', open: true }} className={counts.toAnswer > 0 ? 'tile tile-request' : 'tile tile-none'}>
            <span className="tile-number number">{counts.toAnswer}</span>
            <span className="tile-word">{t('desk:chip.toAnswer', { count: counts.toAnswer })}</span>
          </Link>
        </li>
      </ul>
      <div className="columns">
        <div className="stack-large">
          <section className="card" aria-labelledby="needs">
            <h2 id="needs">{t('desk:needs')}</h2>
            <Trouble error={own.error ?? incoming.error} retry={() => void Promise.all([own.refetch(), incoming.refetch()])} />
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
          {(plans.data?.items ?? []).map((plan) => (
            <PlanCard key={plan.id} plan={plan} milestones={own.data?.items ?? none} />
          ))}
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

function PlanCard({ plan, milestones }: { plan: PlanView; milestones: readonly MilestoneView[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data } = useQuery(queries.plan(plan.id));
  const lines = useMemo(() => linesOf(milestones.filter((milestone) => milestone.plan === plan.id)), [milestones, plan.id]);
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
