import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { queries } from '../api/queries';
import type { PlanHead } from '../api/types';
import { useTranslation } from '../i18n';
import type { Line, Zoom } from '../parts/timeline/model';
import { Timeline } from '../parts/timeline/Timeline';
import { Empty, Loading, Trouble } from '../ui/pieces';
import { StatusMark, shownStatuses } from '../ui/status';
import { shownWhole } from './model';

const zooms: readonly Zoom[] = ['month', 'quarter', 'year'];

/** The milestones of a plan in time. The measures stand there at once, and the milestones of each when it comes near to the screen. */
export function PlanTimeline({
  plan,
  zoom,
  whole,
  onZoom,
  onSelect,
}: {
  plan: PlanHead;
  zoom: Zoom;
  whole: boolean;
  onZoom: (zoom: Zoom) => void;
  onSelect: (milestone: string) => void;
}) {
  const { t } = useTranslation();
  return (
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
          {zooms.map((one) => (
            <button key={one} type="button" aria-pressed={zoom === one} onClick={() => onZoom(one)}>
              {t(`plans:timeline.${one}`)}
            </button>
          ))}
        </div>
      </div>
      {plan.milestones.total === 0 ? (
        <Empty title={t('plans:noMilestones')} />
      ) : (
        <Rows plan={plan} zoom={zoom} whole={whole} onSelect={onSelect} />
      )}
      <p className="hint">{t('plans:timeline.today', { zone: plan.timeZone })}</p>
    </section>
  );
}

function Rows({ plan, zoom, whole, onSelect }: { plan: PlanHead; zoom: Zoom; whole: boolean; onSelect: (milestone: string) => void }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery(queries.measures(plan.id));
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const measures = useMemo(() => (data?.pages ?? []).flatMap((page) => page.items).filter((one) => one.milestones.total > 0), [data]);
  const [near, setNear] = useState<ReadonlySet<string>>(new Set());
  const onNear = useCallback((measure: string) => setNear((held) => (held.has(measure) ? held : new Set([...held, measure]))), []);
  const all = whole || plan.milestones.total <= shownWhole;
  const shown = measures.filter((one) => all || near.has(one.id));
  const reads = useQueries({
    queries: shown.map((measure) => queries.milestonesOf(plan.id, measure.id)),
    combine: (results) => ({
      milestones: results.map((result) => result.data?.items),
      error: results.find((result) => result.error)?.error,
      retry: () => results.filter((result) => result.error).forEach((result) => void result.refetch()),
    }),
  });
  const lines = useMemo(() => {
    const held = new Map(shown.map((measure, at) => [measure.id, reads.milestones[at]]));
    return measures.map(({ id, title, pillar }): Line => ({ id, title, pillar, milestones: held.get(id) }));
  }, [measures, shown, reads.milestones]);
  if (!data) return error ? <Trouble error={error} retry={() => void refetch()} /> : <Loading lines={8} />;
  return (
    <>
      <Trouble error={error ?? reads.error} retry={error ? () => void refetch() : reads.retry} />
      <Timeline
        measures={lines}
        today={plan.today}
        zoom={zoom}
        span={plan.span ?? undefined}
        whole={whole}
        onNear={onNear}
        onSelect={(milestone) => onSelect(milestone.id)}
      />
    </>
  );
}
