import { useLocale, useTranslation } from '../i18n';
import { useLive, useLiveState } from '../live/react';
import { formatClock } from '../ui/dates';

/** Whether what stands here is live, and if not since when. */
export function ConnectionState() {
  const { t } = useTranslation();
  const locale = useLocale();
  const state = useLiveState();
  // While the first connection is made nothing is stale yet, but nothing is live either.
  const kind = state.kind === 'connecting' ? 'reconnecting' : state.kind;
  const time = state.asOf === null ? '' : formatClock(state.asOf, locale);
  return (
    <span className={`connection connection-${kind}`} data-testid="connection-state" data-state={kind}>
      <span className="connection-dot" aria-hidden="true" />
      <span className="connection-words">
        {state.kind === 'connecting' && t('shell:connection.connecting')}
        {state.kind === 'live' && t('shell:connection.live')}
        {state.kind === 'reconnecting' && (time ? t('shell:connection.reconnectingAsOf', { time }) : t('shell:connection.reconnecting'))}
        {state.kind === 'offline' && t('shell:connection.offline')}
      </span>
    </span>
  );
}

/** Says so over the data itself, which is greyed meanwhile. */
export function StaleBar() {
  const { t } = useTranslation();
  const locale = useLocale();
  const state = useLiveState();
  const { tryNow } = useLive();
  if (state.kind === 'live' || state.kind === 'connecting') return null;
  const time = state.asOf === null ? '–' : formatClock(state.asOf, locale);
  return (
    <div className="bar stale-bar" role="status">
      <span>
        {state.kind === 'offline' ? t('shell:connection.offlineLong', { time }) : t('shell:connection.reconnectingLong', { time })}
      </span>
      {state.kind === 'reconnecting' && (
        <button type="button" className="button button-small" onClick={tryNow}>
          {t('shell:connection.tryNow')}
        </button>
      )}
    </div>
  );
}
