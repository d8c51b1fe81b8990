import { Link } from '@tanstack/react-router';
import type { RequestView } from '../../api/types';
import { useLocale, useTranslation } from '../../i18n';
import { isErased } from '../../i18n/erased';
import { useFlash } from '../../live/react';
import { formatClock, formatDay, today } from '../../ui/dates';
import { ExerciseTag } from '../../ui/pieces';
import { clockOf } from './model';
import { Verbs } from './Verbs';

export function RequestState({ request }: { request: Pick<RequestView, 'status' | 'clarifying' | 'proposedDate'> }) {
  const { t } = useTranslation();
  const running = request.status === 'open' || request.status === 'accepted';
  return (
    <span className={`chip request-${request.status}`}>
      {request.clarifying
        ? t('requests:clarifying')
        : running && request.proposedDate
          ? t('requests:dateProposed')
          : t(`words:requestStatus.${request.status}`)}
    </span>
  );
}

export function RequestClock({ request }: { request: RequestView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const clock = clockOf(request, today());
  if (!request.neededBy) return null;
  return (
    <span className={clock?.kind === 'late' || request.late ? 'clock clock-late' : 'clock'}>
      {t('requests:neededBy', { date: formatDay(request.neededBy, locale) })}
      {clock?.kind === 'late' && ` · ${t('milestones:due.late', { count: clock.days })}`}
      {clock?.kind === 'left' && clock.days <= 30 && ` · ${t('milestones:due.soon', { count: clock.days })}`}
      {clock?.kind === 'today' && ` · ${t('milestones:due.today')}`}
    </span>
  );
}

export function RequestRow({ request, verbs = true }: { request: RequestView; verbs?: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const flash = useFlash(`request/${request.id}`);
  const to = request.toNames.length > 0 ? request.toNames.join(', ') : t('requests:openCall', { region: request.region ?? '' });
  return (
    <li
      className={flash ? 'row request-row flash' : 'row request-row'}
      data-testid="request-row"
      data-request={request.id}
      data-status={request.status}
      title={flash ? `${flash.data.bodyName ?? ''} ${formatClock(flash.at, locale)}` : undefined}
    >
      <div className="row-main">
        <Link
          to="/requests/$id"
          params={{ id: request.id }}
          className={isErased(request.subject) ? 'row-title erased' : 'row-title'}
          dir="auto"
        >
          {request.subject}
        </Link>
        <p className="row-meta">
          <span>{t('requests:fromTo', { from: request.fromName, to })}</span>
          <span>{t(`words:kind.${request.kind}`)}</span>
          {request.urgency !== 'routine' && (
            <span className={`urgency urgency-${request.urgency}`}>{t(`words:urgency.${request.urgency}`)}</span>
          )}
          <RequestClock request={request} />
        </p>
      </div>
      <div className="row-end">
        {request.exercise && <ExerciseTag />}
        <RequestState request={request} />
        {verbs && <Verbs request={request} only="leading" />}
      </div>
    </li>
  );
}
