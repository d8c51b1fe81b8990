import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { MilestoneView } from '../../api/types';
import { useLocale, useTranslation } from '../../i18n';
import { direction } from '../../i18n/locale';
import { formatDay, formatMonth, formatMonthYear, formatYear } from '../../ui/dates';
import { useNear } from '../../ui/near';
import { StatusGlyph } from '../../ui/status';
import { type Focus, type Layout, type Line, lanes, layout, move, type Row, type Span, type Zoom } from './model';

const laneHeight = 22;
const padding = 9;
/** Up to so many rows are drawn at once, and of more those that are near to the screen. */
const fewRows = 40;

/** Milestones in time: rows by measure, shapes by status, a ghost where the date first stood, and today. */
export function Timeline({
  measures,
  today,
  zoom,
  span,
  onSelect,
  onNear,
  whole = false,
  compact = false,
}: {
  measures: readonly Line[];
  today: string;
  zoom: Zoom;
  /** The days that the axis holds, where not all milestones are read yet. */
  span?: Span | undefined;
  onSelect: (milestone: MilestoneView) => void;
  /** Called when a measure comes near to what is on the screen. */
  onNear?: (measure: string) => void;
  /** Whether all rows are drawn, wherever they are, as on paper. */
  whole?: boolean;
  compact?: boolean;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const rtl = direction(locale) === 'rtl';
  const scroller = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const plot = useMemo(() => layout(measures, today, zoom, rtl, room, span), [measures, today, zoom, rtl, room, span]);
  const [focus, setFocus] = useState<Focus | null>(null);
  const firstFocus = plot.rows.findIndex((row) => row.marks.length > 0);
  const current = focus ?? { row: firstFocus, mark: 0 };
  const todayX = plot.today;

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    setRoom(Math.max(0, box.clientWidth - 2));
  }, []);
  useEffect(() => {
    const box = scroller.current;
    if (!box || todayX === null) return;
    // Scroll positions count from the start of the line and are negative when that is at the right.
    box.scrollLeft = rtl ? -(plot.width - todayX - box.clientWidth / 2) : todayX - box.clientWidth / 2;
  }, [todayX, plot.width, rtl]);

  function onKeyDown(event: KeyboardEvent, at: Focus, milestone: MilestoneView) {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(milestone);
      return;
    }
    const next = move(plot.rows, at, event.key, rtl);
    if (!next) return;
    event.preventDefault();
    setFocus(next);
    const target = plot.rows[next.row]?.marks[next.mark];
    if (target) document.getElementById(`mark-${target.milestone.plan}-${target.milestone.id}`)?.focus();
  }

  const label = (time: number, major: boolean) =>
    zoom === 'year' ? formatYear(time, locale) : major ? formatMonthYear(time, locale) : formatMonth(time, locale);

  return (
    <div className={compact ? 'timeline timeline-compact' : 'timeline'}>
      <div className="timeline-names" aria-hidden="true">
        <div className="timeline-corner" />
        {plot.rows.map((row) => (
          <div key={row.measure.id} className="timeline-name" style={{ blockSize: lanes(row) * laneHeight + padding * 2 }}>
            {row.firstOfPillar && <span className="timeline-pillar">{t(`words:pillar.${row.measure.pillar}`)}</span>}
            <span className="timeline-measure" title={row.measure.title} dir="auto">
              {row.measure.title}
            </span>
          </div>
        ))}
      </div>
      <div className="timeline-scroll" ref={scroller} tabIndex={0} role="group" aria-label={t('plans:timeline.label')}>
        <div className="timeline-axis" style={{ inlineSize: plot.width }}>
          <svg width={plot.width} height={28} aria-hidden="true">
            {plot.ticks.map((tick) => (
              <text key={tick.time} x={tick.x + (rtl ? -4 : 4)} y={18} className={tick.major ? 'tick tick-major' : 'tick'}>
                {label(tick.time, tick.major)}
              </text>
            ))}
          </svg>
        </div>
        <div className="timeline-rows" style={{ inlineSize: plot.width }}>
          <Lines plot={plot} />
          {plot.rows.map((row, at) => (
            <TimelineRow
              key={row.measure.id}
              row={row}
              width={plot.width}
              whole={whole || plot.rows.length <= fewRows}
              tabbable={current.row === at ? current.mark : null}
              onNear={onNear}
              onSelect={onSelect}
              onFocus={(mark) => setFocus({ row: at, mark })}
              onKeyDown={(event, mark, milestone) => onKeyDown(event, { row: at, mark }, milestone)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** What stands behind all rows: the months, and today. */
function Lines({ plot }: { plot: Layout }) {
  return (
    <svg className="timeline-lines" width={plot.width} height="100%" aria-hidden="true">
      {plot.ticks.map((tick) => (
        <line key={tick.time} x1={tick.x} x2={tick.x} y1="0" y2="100%" className={tick.major ? 'grid grid-major' : 'grid'} />
      ))}
      {plot.today !== null && <line x1={plot.today} x2={plot.today} y1="0" y2="100%" className="today-line" />}
    </svg>
  );
}

/** One measure. Its marks are drawn while it is near to what is on the screen. */
function TimelineRow({
  row,
  width,
  whole,
  tabbable,
  onNear,
  onSelect,
  onFocus,
  onKeyDown,
}: {
  row: Row;
  width: number;
  whole: boolean;
  tabbable: number | null;
  onNear: ((measure: string) => void) | undefined;
  onSelect: (milestone: MilestoneView) => void;
  onFocus: (mark: number) => void;
  onKeyDown: (event: KeyboardEvent, mark: number, milestone: MilestoneView) => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const box = useRef<HTMLDivElement>(null);
  const near = useNear(box);
  const { id } = row.measure;
  useEffect(() => {
    if (near) onNear?.(id);
  }, [near, onNear, id]);
  const height = lanes(row) * laneHeight + padding * 2;
  return (
    <div ref={box} className="timeline-row" style={{ blockSize: height }} aria-busy={near && !row.measure.milestones}>
      {(near || whole || tabbable !== null) && (
        <svg width={width} height={height} role="group" aria-label={row.measure.title}>
          {row.marks.map((mark, index) => {
            const y = padding + mark.lane * laneHeight + laneHeight / 2;
            const words = `${mark.milestone.title}, ${t(`words:status.${mark.status}`)}, ${formatDay(mark.milestone.due, locale)}`;
            return (
              <g key={mark.milestone.id}>
                {mark.ghost !== null && (
                  <g aria-hidden="true">
                    <line x1={mark.ghost} x2={mark.x} y1={y} y2={y} className="ghost-line" />
                    <circle cx={mark.ghost} cy={y} r={4} className="ghost" />
                  </g>
                )}
                <g
                  id={`mark-${mark.milestone.plan}-${mark.milestone.id}`}
                  role="button"
                  tabIndex={tabbable === index ? 0 : -1}
                  aria-label={words}
                  className="mark"
                  transform={`translate(${mark.x} ${y})`}
                  onClick={() => onSelect(mark.milestone)}
                  onFocus={() => onFocus(index)}
                  onKeyDown={(event) => onKeyDown(event, index, mark.milestone)}
                  data-milestone={mark.milestone.id}
                  data-status={mark.status}
                >
                  <title>{words}</title>
                  <circle r={12} className="mark-target" />
                  <StatusGlyph status={mark.status} />
                </g>
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}
