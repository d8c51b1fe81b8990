import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useBodyNames } from '../api/names';
import { queries } from '../api/queries';
import type { MeasureView, MilestoneView, PlanDetail } from '../api/types';
import { useLocale, useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { countMilestones } from '../live/patch';
import { useFollow } from '../live/react';
import { EntryLine } from '../parts/entry/EntryLine';
import { useFeed } from '../parts/entry/useFeed';
import { MilestoneRow } from '../parts/milestone/MilestoneRow';
import { findMilestone } from '../parts/milestone/model';
import { Waiting } from '../parts/page/Waiting';
import { iterationIn } from '../parts/plan/model';
import type { Zoom } from '../parts/timeline/model';
import { Timeline } from '../parts/timeline/Timeline';
import { csv, download } from '../ui/csv';
import { formatPartial } from '../ui/dates';
import { Cite, Empty, ExerciseBanner, ExerciseTag, Loading, PageHead, StatusBar, StatusCounts, Trouble } from '../ui/pieces';
import { StatusMark, shownStatuses } from '../ui/status';
import { MilestonePanel } from './MilestonePanel';
import { byPillar, csvHead, csvRows, showsMilestone } from './model';
import { AddMeasure, AddMilestone, ChangeStatus } from './PlanForms';
import './plans.css';

const route = getRouteApi('/shell/plans/$id');
const tabs = ['overview', 'timeline', 'changes'] as const;
const zooms: readonly Zoom[] = ['month', 'quarter', 'year'];

export function PlanPage() {
  const { id } = route.useParams();
  const { data: plan, error, refetch } = useQuery(queries.plan(id));
  useFollow(`plan/${id}`);
  if (!plan) return <Waiting error={error} retry={refetch} />;
  return <Plan plan={plan} />;
}

function Plan({ plan }: { plan: PlanDetail }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [form, setForm] = useState<'status' | 'measure' | null>(null);
  const tab = search.tab ?? 'overview';
  const selected = search.m ? findMilestone(plan, search.m) : undefined;
  const go = (part: Partial<typeof search>) =>
    void navigate({
      to: '/plans/$id',
      params: { id: plan.id },
      search: Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value)),
      resetScroll: false,
    });
  const select = (milestone: MilestoneView) => go({ m: milestone.id });

  return (
    <div className="page">
      {plan.exercise && <ExerciseBanner />}
      <PageHead
        title={plan.title}
        kicker={
          <Link to="/bodies/$id" params={{ id: plan.body }} dir="auto">
            {plan.bodyName}
          </Link>
        }
        tags={plan.exercise && <ExerciseTag />}
      >
        {plan.verbs.includes('change-status') && (
          <button type="button" className="button" onClick={() => setForm('status')}>
            {t('plans:changeStatus')}
          </button>
        )}
        {plan.verbs.includes('add-measure') && (
          <button type="button" className="button" onClick={() => setForm('measure')} data-testid="add-measure">
            {t('plans:addMeasure')}
          </button>
        )}
        <button
          type="button"
          className="button"
          onClick={() => download(`${plan.id}-milestones.csv`, csv([csvHead(t), ...csvRows(plan, search.show)]))}
          data-testid="export-csv"
        >
          {t('plans:export')}
        </button>
      </PageHead>
      <p className="row-meta plan-facts">
        <span className={`chip plan-${plan.status}`}>{t(`words:planStatus.${plan.status}`)}</span>
        <span>{plan.iteration ? iterationIn(t, plan.iteration) : t('plans:iterationNotStated')}</span>
        <span className="number">
          {plan.period
            ? `${plan.period.from ? formatPartial(plan.period.from, locale) : '…'} – ${plan.period.to ? formatPartial(plan.period.to, locale) : '…'}`
            : t('plans:periodNotStated')}
        </span>
        <span>{t(`words:mark.${plan.mark}`)}</span>
        <Cite source={plan.source} />
      </p>
      {plan.note && <p dir="auto">{plan.note}</p>}
      <nav className="tabs" aria-label={t('plans:tabs')}>
        {tabs.map((one) => (
          <Link
            key={one}
            to="/plans/$id"
            params={{ id: plan.id }}
            search={{ ...search, tab: one === 'overview' ? undefined : one }}
            activeOptions={{ explicitUndefined: true }}
            aria-current={tab === one ? 'page' : undefined}
            className="tab"
            resetScroll={false}
            data-testid={`tab-${one}`}
          >
            {t(`plans:tab.${one}`)}
          </Link>
        ))}
      </nav>
      {tab === 'overview' && <Overview plan={plan} show={search.show} selected={search.m} onShow={(show) => go({ show })} />}
      {tab === 'timeline' && (
        <section className="card" aria-label={t('plans:tab.timeline')}>
          <div className="card-head">
            <ul className="legend">
              {shownStatuses.map((status) => (
                <li key={status}>
                  <StatusMark status={status} />
                </li>
              ))}
              <li className="legend-ghost">{t('plans:timeline.ghost')}</li>
            </ul>
            <div className="segmented" role="group" aria-label={t('plans:timeline.zoom')}>
              {zooms.map((zoom) => (
                <button key={zoom} type="button" aria-pressed={(search.zoom ?? 'quarter') === zoom} onClick={() => go({ zoom })}>
                  {t(`plans:timeline.${zoom}`)}
                </button>
              ))}
            </div>
          </div>
          {plan.milestones.total === 0 ? (
            <Empty title={t('plans:noMilestones')} />
          ) : (
            <Timeline
              measures={plan.measures.filter((one) => one.milestones.length > 0)}
              today={plan.today}
              zoom={search.zoom ?? 'quarter'}
              onSelect={select}
            />
          )}
          <p className="hint">{t('plans:timeline.today', { zone: plan.timeZone })}</p>
        </section>
      )}
      {tab === 'changes' && <Changes topic={`plan/${plan.id}`} />}
      {selected && (
        <MilestonePanel
          plan={plan}
          milestone={selected}
          reportAtOnce={search.update === true}
          onClose={() => go({ m: undefined, update: undefined })}
        />
      )}
      {form === 'status' && <ChangeStatus plan={plan} onClose={() => setForm(null)} />}
      {form === 'measure' && <AddMeasure plan={plan} onClose={() => setForm(null)} />}
    </div>
  );
}

function Overview({
  plan,
  show,
  selected,
  onShow,
}: {
  plan: PlanDetail;
  show: string | undefined;
  selected: string | undefined;
  onShow: (show: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const pillars = byPillar(plan.measures);
  if (pillars.length === 0) return <Empty title={plan.source ? t('plans:noMeasuresReported') : t('plans:noMeasures')} />;
  return (
    <>
      <section className="card" aria-labelledby="by-pillar">
        <div className="card-head">
          <h2 id="by-pillar">{t('plans:byPillar')}</h2>
          <label className="inline-field">
            <span>{t('plans:show')}</span>
            <select value={show ?? ''} onChange={(event) => onShow(event.target.value || undefined)}>
              <option value="">{t('plans:showAll')}</option>
              {shownStatuses.map((status) => (
                <option key={status} value={status}>
                  {t(`words:status.${status}`)}
                </option>
              ))}
              <option value="to-approve">{t('milestones:waits')}</option>
            </select>
          </label>
        </div>
        <StatusCounts counts={plan.milestones} />
        <ul className="pillar-bars">
          {pillars.map(([pillar, measures]) => {
            const counts = countMilestones(measures.flatMap((measure) => measure.milestones));
            return (
              <li key={pillar}>
                <a href={`#${pillar}`} className="pillar-name">
                  {t(`words:pillar.${pillar}`)}
                </a>
                <StatusBar counts={counts} label={t(`words:pillar.${pillar}`)} />
                <span className="number pillar-count">{t('words:ofTotal', { done: counts.done, total: counts.total })}</span>
              </li>
            );
          })}
        </ul>
      </section>
      {pillars.map(([pillar, measures]) => {
        const shown = measures.filter((measure) => !show || measure.milestones.some((milestone) => showsMilestone(milestone, show)));
        if (shown.length === 0) return null;
        return (
          <section key={pillar} className="pillar-section" aria-labelledby={pillar}>
            <h2 id={pillar} className="pillar-head">
              {t(`words:pillar.${pillar}`)}
            </h2>
            {shown.map((measure) => (
              <Measure key={measure.id} plan={plan} measure={measure} show={show} selected={selected} />
            ))}
          </section>
        );
      })}
    </>
  );
}

function Measure({
  plan,
  measure,
  show,
  selected,
}: {
  plan: PlanDetail;
  measure: MeasureView;
  show: string | undefined;
  selected: string | undefined;
}) {
  const { t } = useTranslation();
  const nameOf = useBodyNames();
  const [adding, setAdding] = useState(false);
  const milestones = measure.milestones.filter((milestone) => showsMilestone(milestone, show));
  return (
    <section className="card measure" aria-labelledby={`measure-${measure.id}`} data-measure={measure.id}>
      <div className="card-head">
        <div>
          <h3 id={`measure-${measure.id}`} className={isErased(measure.title) ? 'erased' : undefined} dir="auto">
            {measure.title}
          </h3>
          <p className="row-meta">
            {measure.lead ? (
              <span>
                {t('plans:lead')}{' '}
                <Link to="/bodies/$id" params={{ id: measure.lead }} dir="auto">
                  {measure.leadName}
                </Link>
              </span>
            ) : (
              <span>{t('plans:leadNotStated')}</span>
            )}
            {measure.supporting.length > 0 && <span>{t('plans:supporting', { bodies: measure.supporting.map(nameOf).join(', ') })}</span>}
            {measure.reportedStatus && <span className="chip">{t('plans:reportedAs', { status: measure.reportedStatus })}</span>}
            <Cite source={measure.source} />
          </p>
        </div>
        {plan.verbs.includes('add-milestone') && (
          <button type="button" className="button button-small button-quiet" onClick={() => setAdding(true)} data-testid="add-milestone">
            {t('plans:addMilestone')}
          </button>
        )}
      </div>
      {milestones.length === 0 ? (
        <p className="hint">{t('plans:noMilestones')}</p>
      ) : (
        <ul className="rows">
          {milestones.map((milestone) => (
            <MilestoneRow key={milestone.id} milestone={milestone} today={plan.today} selected={milestone.id === selected} keep={show} />
          ))}
        </ul>
      )}
      {adding && <AddMilestone plan={plan} measure={measure} onClose={() => setAdding(false)} />}
    </section>
  );
}

function Changes({ topic }: { topic: string }) {
  const { t } = useTranslation();
  const feed = useFeed([topic]);
  return (
    <>
      <Trouble error={feed.error} retry={feed.retry} />
      {feed.entries.length === 0 && !feed.error && (feed.loading ? <Loading /> : <Empty title={t('feed:empty')} />)}
      {feed.entries.length > 0 && (
        <section className="card entries" role="feed" aria-busy={feed.loading} aria-label={t('plans:tab.changes')}>
          {feed.entries.map((entry) => (
            <EntryLine key={entry.position} entry={entry} exercise={false} />
          ))}
        </section>
      )}
      {feed.more && (
        <button type="button" className="button" onClick={feed.more}>
          {t('feed:older')}
        </button>
      )}
    </>
  );
}
