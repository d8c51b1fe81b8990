import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../../api/session';
import type { MilestoneView } from '../../api/types';
import { useLocale, useTranslation } from '../../i18n';
import { isErased } from '../../i18n/erased';
import { useFlash } from '../../live/react';
import { formatClock } from '../../ui/dates';
import { ExerciseTag } from '../../ui/pieces';
import { StatusMark, shownStatus } from '../../ui/status';
import { DueText } from './DueText';
import { ReportDialog } from './ReportDialog';

/** A milestone in a list, with what may be done about it. */
export function MilestoneRow({
  milestone,
  today,
  showPlan = false,
  selected = false,
  keep,
}: {
  milestone: MilestoneView;
  today?: string;
  showPlan?: boolean;
  selected?: boolean;
  /** The filter of the page that the row stands on, kept when it opens. */
  keep?: string | undefined;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const session = useSession();
  const [reporting, setReporting] = useState(false);
  const flash = useFlash(`milestone/${milestone.plan}/${milestone.id}`);
  const status = shownStatus(milestone);
  return (
    <li
      className={`row milestone-row${flash ? ' flash' : ''}${selected ? ' row-selected' : ''}`}
      data-testid="milestone-row"
      data-milestone={milestone.id}
      data-plan={milestone.plan}
      data-status={milestone.status}
      data-shown={status}
      data-progress={milestone.progress}
      title={flash ? `${flash.data.bodyName ?? ''} ${formatClock(flash.at, locale)}` : undefined}
    >
      <StatusMark status={status} />
      <div className="row-main">
        <Link
          to="/plans/$id"
          params={{ id: milestone.plan }}
          search={{ ...(keep ? { show: keep } : {}), m: milestone.id }}
          className={isErased(milestone.title) ? 'row-title erased' : 'row-title'}
          dir="auto"
          resetScroll={false}
        >
          {milestone.title}
        </Link>
        <p className="row-meta">
          <DueText milestone={milestone} {...(today ? { now: today } : {})} />
          {showPlan && <span dir="auto">{milestone.bodyName}</span>}
          {milestone.reportsToApprove > 0 && <span className="chip chip-waits">{t('milestones:waits')}</span>}
          {showPlan && milestone.exercise && <ExerciseTag />}
        </p>
      </div>
      <div className="row-end">
        <span className="progress" role="img" aria-label={t('milestones:progress', { percent: milestone.progress })}>
          <span className="progress-fill" style={{ inlineSize: `${milestone.progress}%` }} />
        </span>
        <span className="number progress-number" aria-hidden="true">
          {milestone.progress}%
        </span>
        {milestone.verbs.includes('report') && (
          <button
            type="button"
            className="button button-small"
            data-testid="milestone-update"
            aria-label={t('milestones:updateOf', { title: milestone.title })}
            onClick={() => setReporting(true)}
          >
            {t('milestones:update')}
          </button>
        )}
      </div>
      {reporting && (
        <ReportDialog
          milestone={milestone}
          approves={session.role === 'coordinator' && session.body?.id === milestone.body}
          onClose={() => setReporting(false)}
        />
      )}
    </li>
  );
}
