import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useCommand } from '../api/command';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import { useLocale, useTranslation } from '../i18n';
import { formatMoment } from '../ui/dates';
import { Trouble } from '../ui/pieces';

/** How often is asked whether somebody wants another password for one's account: whoever acts for another body is not told live. */
const askEvery = 5 * 60_000;

/** Tells whoever is signed in that another password is asked for the account, and lets them object. */
export function ResetNotice() {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const { data: session } = useQuery({ ...queries.session(), refetchInterval: askEvery });
  const [objected, setObjected] = useState(false);
  const outcome = useRef<HTMLParagraphElement>(null);
  const { busy, error, run, retry } = useCommand();
  const reset = session?.reset;
  const isOver = objected && !reset;
  // The button that did it is gone.
  useEffect(() => {
    if (isOver) outcome.current?.focus();
  }, [isOver]);

  function object() {
    if (!session) return;
    run(async (by) => {
      await commands.dropReset(session.account, by);
      setObjected(true);
      await client.invalidateQueries(queries.session());
    });
  }

  if (!reset)
    return isOver ? (
      <p ref={outcome} className="bar" role="status" tabIndex={-1} data-testid="reset-objected">
        {t('session:reset.objected')}
      </p>
    ) : null;
  return (
    <div className="bar stale-bar" data-testid="reset-notice">
      <div role="alert">
        <p dir="auto">{t('session:reset.text', { name: reset.by.name ?? t('security:former'), body: reset.body.name })}</p>
        <p>
          {reset.from ? t('session:reset.from', { moment: formatMoment(reset.from, locale) }) : t('session:reset.notYet')}{' '}
          {t('session:reset.hint')}
        </p>
        <Trouble error={error} retry={retry} />
      </div>
      <button type="button" className="button button-small" disabled={busy} onClick={object} data-testid="reset-object">
        {t('session:reset.object')}
      </button>
    </div>
  );
}
