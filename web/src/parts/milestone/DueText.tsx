import type { MilestoneView } from '../../api/types';
import { useLocale, useTranslation } from '../../i18n';
import { formatDay, today } from '../../ui/dates';
import { dueWord, slip } from './model';

export function DueText({ milestone, now = today() }: { milestone: MilestoneView; now?: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const word = dueWord(milestone, now);
  const moved = slip(milestone);
  return (
    <span className="due">
      <time dateTime={milestone.due} className="number">
        {formatDay(milestone.due, locale)}
      </time>
      {word.kind === 'late' && <span className="due-late"> {t('milestones:due.late', { count: word.days })}</span>}
      {word.kind === 'today' && <span className="due-soon"> {t('milestones:due.today')}</span>}
      {word.kind === 'soon' && <span className="due-soon"> {t('milestones:due.soon', { count: word.days })}</span>}
      {moved !== 0 && (
        <span className="due-moved" title={t('milestones:due.first', { date: formatDay(milestone.baseline, locale) })}>
          {' '}
          {moved > 0 ? t('milestones:due.movedLater', { count: moved }) : t('milestones:due.movedEarlier', { count: -moved })}
        </span>
      )}
    </span>
  );
}
