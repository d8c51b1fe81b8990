import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useBodyNames } from '../api/names';
import { queries } from '../api/queries';
import type { MeasureView, PillarCounts, PlanHead } from '../api/types';
import { useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { MilestoneRow } from '../parts/milestone/MilestoneRow';
import { useNear } from '../ui/near';
import { Cite, Empty, Loading, StatusBar, StatusCounts, Trouble } from '../ui/pieces';
import { countShown, milestoneShows, roomOf, shownWhole, showsMilestone } from './model';
import { AddMilestone } from './PlanForms';

/** Rows of one measure that stand there before somebody asks for more. */
const rowsAtOnce = 100;

/** A plan pillar by pillar. Of a large one, measures and milestones are read when they come near to the screen. */
export function Overview({
  plan,
  show,
  selected,
  whole,
  onShow,
}: {
  plan: PlanHead;
  show: string | undefined;
  selected: string | undefined;
  whole: boolean;
  onShow: (show: string | undefined) => void;
}) {
  const { t } = useTranslation();
  // A link to a pillar is followed by the browser before its section is there.
  const { hash } = window.location;
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
  if (plan.pillars.length === 0) return <Empty title={plan.source ? t('plans:noMeasuresReported') : t('plans:noMeasures')} />;
  const pillars = plan.pillars.filter((one) => !show || countShown(one, show) > 0);
  return (
    <>
      <section className="card" aria-labelledby="by-pillar">
        <div className="card-head">
          <h2 id="by-pillar">{t('plans:byPillar')}</h2>
          <label className="inline-field">
            <span>{t('plans:show')}</span>
            <select value={show ?? ''} onChange={(event) => onShow(event.target.value || undefined)}>
              <option value="">{t('plans:showAll')}</option>
              {milestoneShows.map((one) => (
                <option key={one} value={one}>
                  {one === 'to-approve' ? t('milestones:waits') : t(`words:status.${one}`)}
                </option>
              ))}
            </select>
          </label>
        </div>
        <StatusCounts counts={plan.milestones} />
        <ul className="pillar-bars">
          {plan.pillars.map(({ pillar, milestones: counts }) => (
            <li key={pillar}>
              <a href={`#${pillar}`} className="pillar-name">
                {t(`words:pillar.${pillar}`)}
              </a>
              <StatusBar counts={counts} label={t(`words:pillar.${pillar}`)} />
              <span className="number pillar-count">{t('words:ofTotal', { done: counts.done, total: counts.total })}</span>
            </li>
          ))}
        </ul>
      </section>
      {show && pillars.length === 0 && <Empty title={t('plans:noneOfThese')} />}
      {pillars.map((counts) => (
        <PillarSection key={counts.pillar} plan={plan} counts={counts} show={show} selected={selected} whole={whole} />
      ))}
    </>
  );
}

function PillarSection({
  plan,
  counts,
  show,
  selected,
  whole,
}: {
  plan: PlanHead;
  counts: PillarCounts;
  show: string | undefined;
  selected: string | undefined;
  whole: boolean;
}) {
  const { t } = useTranslation();
  const { pillar } = counts;
  const box = useRef<HTMLElement>(null);
  const near = useNear(box);
  const [met, setMet] = useState(false);
  if (near && !met) setMet(true);
  const small = plan.milestones.total <= shownWhole;
  const reads = useInfiniteQuery({ ...queries.measures(plan.id, pillar), enabled: met || small || whole });
  const measures = (reads.data?.pages ?? []).flatMap((page) => page.items);
  const shown = measures.filter((measure) => !show || countShown(measure, show) > 0);
  const left = counts.measures - measures.length;
  return (
    <section ref={box} className="pillar-section" aria-labelledby={pillar}>
      <h2 id={pillar} className="pillar-head">
        {t(`words:pillar.${pillar}`)}
      </h2>
      <Trouble error={reads.error} retry={() => void (reads.data ? reads.fetchNextPage() : reads.refetch())} />
      {shown.map((measure) => (
        <Near key={measure.id} always={small || whole} room={roomOf(countShown(measure, show))} label={measure.title} measure={measure.id}>
          <Measure plan={plan} measure={measure} show={show} selected={selected} whole={whole} />
        </Near>
      ))}
      {reads.hasNextPage && <More key={measures.length} ready={!reads.isFetching} onNear={reads.fetchNextPage} />}
      {!reads.error && left > 0 && (
        <div style={{ minBlockSize: show ? undefined : `${Math.min(left, 20) * roomOf(3)}rem` }}>
          {met && reads.isFetching && <Loading />}
        </div>
      )}
    </section>
  );
}

/** Asks for more when it comes near. */
function More({ ready, onNear }: { ready: boolean; onNear: () => unknown }) {
  const box = useRef<HTMLDivElement>(null);
  const near = useNear(box);
  useEffect(() => {
    if (near && ready) onNear();
  }, [near, ready, onNear]);
  return <div ref={box} />;
}

/** Keeps the room of what is far from the screen and is not drawn. Screen readers still find its heading; where the focus is, all stays. */
function Near({
  always,
  room,
  label,
  measure,
  children,
}: {
  always: boolean;
  /** Rem that it takes about, as long as nobody knows. */
  room: number;
  label: string;
  measure: string;
  children: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const near = useNear(box);
  const height = useRef<number | null>(null);
  const drawn = always || near || (box.current?.contains(document.activeElement) ?? false);
  useEffect(() => {
    if (!drawn || !box.current || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(([seen]) => {
      if (seen) height.current = seen.contentRect.height;
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [drawn]);
  return (
    <div ref={box} data-room={measure} style={drawn ? undefined : { blockSize: height.current ? `${height.current}px` : `${room}rem` }}>
      {drawn ? children : <h3 className="visually-hidden">{label}</h3>}
    </div>
  );
}

function Measure({
  plan,
  measure,
  show,
  selected,
  whole,
}: {
  plan: PlanHead;
  measure: MeasureView;
  show: string | undefined;
  selected: string | undefined;
  whole: boolean;
}) {
  const { t } = useTranslation();
  const nameOf = useBodyNames();
  const [adding, setAdding] = useState(false);
  const [more, setMore] = useState(false);
  const { data, error, refetch } = useQuery({
    ...queries.milestonesOf(plan.id, measure.id),
    enabled: measure.milestones.total > 0,
  });
  const milestones = (data?.items ?? []).filter((milestone) => showsMilestone(milestone, show));
  const rows = more || whole ? milestones : milestones.slice(0, rowsAtOnce);
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
        {measure.verbs.includes('add-milestone') && (
          <button type="button" className="button button-small button-quiet" onClick={() => setAdding(true)} data-testid="add-milestone">
            {t('plans:addMilestone')}
          </button>
        )}
      </div>
      <Trouble error={error} retry={() => void refetch()} focus={false} />
      {!error && !data && measure.milestones.total > 0 ? (
        <div style={{ minBlockSize: `${roomOf(countShown(measure, show)) - roomOf(0)}rem` }}>
          <Loading lines={Math.min(measure.milestones.total, 6)} />
        </div>
      ) : (
        !error && milestones.length === 0 && <p className="hint">{t('plans:noMilestones')}</p>
      )}
      {rows.length > 0 && (
        <ul className="rows">
          {rows.map((milestone) => (
            <MilestoneRow key={milestone.id} milestone={milestone} today={plan.today} selected={milestone.id === selected} keep={show} />
          ))}
        </ul>
      )}
      {rows.length < milestones.length && (
        <button type="button" className="button button-small" onClick={() => setMore(true)}>
          {t('plans:allMilestones', { count: milestones.length })}
        </button>
      )}
      {adding && <AddMilestone plan={plan} measure={measure} onClose={() => setAdding(false)} />}
    </section>
  );
}
