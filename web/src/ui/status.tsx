import type { MilestoneStatus } from '../api/types';
import { useTranslation } from '../i18n';

/** What a milestone is now: the stated status, or late or at risk where that is so. */
export type Shown = MilestoneStatus | 'at-risk' | 'late';
export const shownStatuses: readonly Shown[] = ['late', 'at-risk', 'in-progress', 'planned', 'done', 'cancelled'];

export function shownStatus(milestone: { status: MilestoneStatus; late: boolean; atRisk: boolean }): Shown {
  if (milestone.status === 'done' || milestone.status === 'cancelled') return milestone.status;
  if (milestone.late) return 'late';
  return milestone.atRisk ? 'at-risk' : milestone.status;
}

/** The shape of a status around the origin, in a box of 16. Shape, word and colour always say the same. */
export function StatusGlyph({ status }: { status: Shown }) {
  const className = `glyph glyph-${status}`;
  switch (status) {
    case 'planned':
      return <circle className={className} r="5.5" />;
    case 'in-progress':
      return (
        <g className={className}>
          <circle r="5.5" className="glyph-ring" />
          <path d="M0 -5.5 A5.5 5.5 0 0 1 0 5.5 Z" className="glyph-fill" />
        </g>
      );
    case 'at-risk':
      return <path className={className} d="M0 -6.5 L6.8 5.5 L-6.8 5.5 Z" />;
    case 'late':
      return <path className={className} d="M0 -7.2 L7.2 0 L0 7.2 L-7.2 0 Z" />;
    case 'done':
      return (
        <g className={className}>
          <circle r="6.2" className="glyph-fill" />
          <path d="M-2.8 0.2 L-0.7 2.4 L3 -2.2" className="glyph-tick" />
        </g>
      );
    case 'cancelled':
      return <path className={className} d="M-5.5 0 L5.5 0" />;
  }
}

export function StatusIcon({ status, size = 16 }: { status: Shown; size?: number }) {
  return (
    <svg className="status-icon" width={size} height={size} viewBox="-8 -8 16 16" aria-hidden="true">
      <StatusGlyph status={status} />
    </svg>
  );
}

export function StatusMark({ status }: { status: Shown }) {
  const { t } = useTranslation();
  return (
    <span className={`status status-${status}`}>
      <StatusIcon status={status} />
      <span>{t(`words:status.${status}`)}</span>
    </span>
  );
}
