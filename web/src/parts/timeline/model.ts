import { scaleUtc } from 'd3-scale';
import { type TimeInterval, utcMonth, utcYear } from 'd3-time';
import type { Day, MilestoneView, Pillar } from '../../api/types';
import { addDays, toTime } from '../../ui/dates';
import { type Shown, shownStatus } from '../../ui/status';

export type Zoom = 'month' | 'quarter' | 'year';
/** Pixels that one day takes. */
const pixelsPerDay: Record<Zoom, number> = { month: 6, quarter: 2.4, year: 0.9 };

/** A measure with its milestones; undefined while they are not read yet. */
export interface Line {
  id: string;
  title: string;
  pillar: Pillar;
  milestones: readonly MilestoneView[] | undefined;
}
/** The days that an axis is to hold; null ends are open. */
export interface Span {
  from?: Day | null;
  to?: Day | null;
}
export interface Row {
  measure: Line;
  firstOfPillar: boolean;
  marks: Mark[];
}
export interface Mark {
  milestone: MilestoneView;
  status: Shown;
  x: number;
  /** Where the first agreed date stands, when it is another. */
  ghost: number | null;
  /** Lanes below the first, for marks that would cover each other. */
  lane: number;
}
export interface Tick {
  x: number;
  time: number;
  major: boolean;
}
export interface Layout {
  width: number;
  rows: Row[];
  ticks: Tick[];
  today: number | null;
  /** The time under a distance from the start of the axis. */
  from: number;
  to: number;
}

/** Marks nearer to each other than this share a column, and so take different lanes. */
const near = 18;

/** The days that the server takes. What was stored beyond them stands at the edge, or the axis would be as long as it is far. */
const earliest = '1990-01-01';
const latest = '2100-12-31';
const within = (day: string): string => (day < earliest ? earliest : day > latest ? latest : day);

/** Ticks are drawn in every row: where months would be more than this, quarters or years are enough. */
const mostTicks = 240;
const steps: readonly TimeInterval[] = [utcMonth, utcMonth.every(3) ?? utcMonth, utcYear];
const finest: Record<Zoom, number> = { month: 0, quarter: 1, year: 2 };

/**
 * Where everything stands, in pixels from the start of the axis. In writing from right to left the whole axis is mirrored:
 * x then counts from the right edge of `width`, and the view does no sums of its own.
 */
export function layout(measures: readonly Line[], today: string, zoom: Zoom, rtl: boolean, minimum = 0, span: Span = {}): Layout {
  const milestones = measures.flatMap((measure) => measure.milestones ?? []);
  // Known before all are read, so that the axis does not move under the reader.
  const known = [span.from, span.to].flatMap((day) => (day ? [within(day)] : []));
  const days = [...known, ...milestones.flatMap((milestone) => [within(milestone.due), within(milestone.baseline)])];
  const sortedDays = [...days, addDays(today, -30), addDays(today, 60)].sort();
  const first = sortedDays[0] ?? today;
  const last = sortedDays.at(-1) ?? today;
  const from = +utcMonth.floor(new Date(toTime(addDays(first, -10))));
  const to = +utcMonth.ceil(new Date(toTime(addDays(last, 10))));
  const width = Math.max(minimum, Math.ceil(((to - from) / 86_400_000) * pixelsPerDay[zoom]));
  const scale = scaleUtc([from, to], rtl ? [width, 0] : [0, width]);

  const ranges = steps.slice(finest[zoom]).map((step) => step.range(new Date(from), new Date(to)));
  const ticks = (ranges.find((range) => range.length <= mostTicks) ?? ranges.at(-1) ?? []).map((date) => ({
    x: scale(date),
    time: +date,
    major: date.getUTCMonth() === 0,
  }));

  let pillar = '';
  const rows = sorted(measures).map((measure) => {
    const firstOfPillar = measure.pillar !== pillar;
    pillar = measure.pillar;
    return { measure, firstOfPillar, marks: marksOf(measure, (day) => scale(new Date(toTime(within(day))))) };
  });
  return { width, rows, ticks, today: scale(new Date(toTime(today))), from, to };
}

const pillarOrder = [
  'legislation',
  'investigation-and-prosecution',
  'victim-protection',
  'research-and-data',
  'training',
  'awareness',
  'cooperation',
];
export const sorted = (measures: readonly Line[]): Line[] =>
  [...measures].sort((a, b) => pillarOrder.indexOf(a.pillar) - pillarOrder.indexOf(b.pillar));

function marksOf(measure: Line, at: (day: string) => number): Mark[] {
  const ends: number[] = [];
  return [...(measure.milestones ?? [])]
    .sort((a, b) => a.due.localeCompare(b.due))
    .map((milestone) => {
      const x = at(milestone.due);
      let lane = ends.findIndex((end) => Math.abs(x - end) >= near);
      if (lane < 0) lane = ends.length;
      ends[lane] = x;
      return {
        milestone,
        status: shownStatus(milestone),
        x,
        ghost: milestone.baseline === milestone.due ? null : at(milestone.baseline),
        lane,
      };
    });
}

export const lanes = (row: Row): number => row.marks.reduce((most, mark) => Math.max(most, mark.lane + 1), 1);

/** The lines of some milestones, by measure, in the order of the milestones. */
export function linesOf(milestones: readonly MilestoneView[]): Line[] {
  const lines = new Map<string, { line: Line; milestones: MilestoneView[] }>();
  for (const milestone of milestones) {
    const key = `${milestone.plan}/${milestone.measure}`;
    let held = lines.get(key);
    if (!held) {
      const own: MilestoneView[] = [];
      held = { line: { id: milestone.measure, title: milestone.measureTitle, pillar: milestone.pillar, milestones: own }, milestones: own };
      lines.set(key, held);
    }
    held.milestones.push(milestone);
  }
  return [...lines.values()].map(({ line }) => line);
}

export interface Focus {
  row: number;
  mark: number;
}

/** Where an arrow key leads. Left and right mean earlier and later as they are drawn. */
export function move(rows: readonly Row[], focus: Focus, key: string, rtl: boolean): Focus | null {
  const row = rows[focus.row];
  if (!row) return null;
  const forward = rtl ? 'ArrowLeft' : 'ArrowRight';
  const back = rtl ? 'ArrowRight' : 'ArrowLeft';
  if (key === forward && focus.mark < row.marks.length - 1) return { ...focus, mark: focus.mark + 1 };
  if (key === back && focus.mark > 0) return { ...focus, mark: focus.mark - 1 };
  if (key === 'Home') return { ...focus, mark: 0 };
  if (key === 'End') return { ...focus, mark: row.marks.length - 1 };
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    const step = key === 'ArrowDown' ? 1 : -1;
    for (let at = focus.row + step; at >= 0 && at < rows.length; at += step) {
      const next = rows[at];
      if (!next || next.marks.length === 0) continue;
      const x = row.marks[focus.mark]?.x ?? 0;
      const nearest = next.marks.reduce(
        (best, mark, index) => (Math.abs(mark.x - x) < Math.abs((next.marks[best]?.x ?? Infinity) - x) ? index : best),
        0,
      );
      return { row: at, mark: nearest };
    }
  }
  return null;
}
