import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { attend } from '../api/attendance';
import { queries } from '../api/queries';
import { readSessionAnew } from '../api/session';
import { useTranslation } from '../i18n';
import { leftOf, warnAhead } from './model';

/** Milliseconds after which the clock is looked at again while the end is near, and the platform is asked again once it has come. */
const lookEvery = 5_000;
const againAfter = 10_000;

/** Says, two minutes before, that the session ends, and lets its person stay. */
export function SessionEnd({ onConfirm }: { onConfirm: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: session, dataUpdatedAt } = useQuery(queries.session());
  const [now, setNow] = useState(Date.now);
  const [busy, setBusy] = useState(false);
  const left = session ? leftOf(session, dataUpdatedAt, now) : null;
  const soon = left !== null && left.ms <= warnAhead;

  // Other windows of the browser may have kept the session open meanwhile, so that it is asked for when the warning is due, and at the end.
  const due = left === null ? null : left.ms - (soon ? 0 : warnAhead);
  // biome-ignore lint/correctness/useExhaustiveDependencies: reckoned anew with each answer and each look at the clock
  useEffect(() => {
    if (due === null) return;
    const timer = setTimeout(
      () => {
        setNow(Date.now());
        if (due <= 0 || !soon) void readSessionAnew(client).catch(() => undefined);
      },
      soon ? (due <= 0 ? againAfter : Math.min(due + 1_000, lookEvery)) : Math.max(due, 0) + 1_000,
    );
    return () => clearTimeout(timer);
  }, [dataUpdatedAt, now, client]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer may have come long after the clock was looked at last
  useEffect(() => setNow(Date.now()), [dataUpdatedAt]);

  async function stay() {
    setBusy(true);
    // However the button was pressed, a person did it.
    attend();
    await readSessionAnew(client).catch(() => undefined);
    setNow(Date.now());
    setBusy(false);
  }

  if (!soon) return null;
  return (
    <div className="bar stale-bar" data-testid="session-end">
      <p role="alert">
        {t(left.forGood ? 'session:end.forGood' : 'session:end.unused', { count: Math.max(1, Math.ceil(left.ms / 60_000)) })}
      </p>
      <button
        type="button"
        className="button button-small"
        disabled={busy}
        onClick={left.forGood ? onConfirm : () => void stay()}
        data-testid="session-stay"
      >
        {t('session:end.stay')}
      </button>
    </div>
  );
}
