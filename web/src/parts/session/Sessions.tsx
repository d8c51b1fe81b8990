import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCommand } from '../../api/command';
import { commands } from '../../api/commands';
import { queries } from '../../api/queries';
import type { OpenSession } from '../../api/types';
import { useLocale, useTranslation } from '../../i18n';
import { formatAgo, formatMoment } from '../../ui/dates';
import { Loading, Trouble } from '../../ui/pieces';

/** The devices on which a person is signed in, each with a button that ends it. */
export function Sessions({ account }: { account: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(queries.sessions(account));
  const { busy, error: trouble, run, retry } = useCommand();
  if (!data) return error ? <Trouble error={error} retry={() => void refetch()} /> : <Loading />;
  const others = data.items.filter((one) => !one.current);

  const end = (sessions: readonly OpenSession[]) =>
    run(async () => {
      try {
        for (const one of sessions) await commands.endSession(account, one.id);
      } finally {
        await client.invalidateQueries(queries.sessions(account));
      }
    });

  return (
    <>
      <Trouble error={trouble} retry={retry} />
      {data.items.length === 0 && <p className="hint">{t('session:sessions.none')}</p>}
      <ul className="rows" data-testid="sessions">
        {data.items.map((one) => (
          <Row key={one.id} session={one} busy={busy} onEnd={() => end([one])} />
        ))}
      </ul>
      {others.length > 1 && (
        <button
          type="button"
          className="button button-small start"
          disabled={busy}
          onClick={() => end(others)}
          data-testid="end-other-sessions"
        >
          {others.length === data.items.length ? t('session:sessions.endAll') : t('session:sessions.endOthers')}
        </button>
      )}
    </>
  );
}

function Row({ session, busy, onEnd }: { session: OpenSession; busy: boolean; onEnd: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const device =
    session.browser && session.system
      ? t('session:sessions.device', { browser: session.browser, system: session.system })
      : (session.browser ?? session.system ?? t('session:sessions.unknownDevice'));
  return (
    <li className="row" data-testid="session" data-session={session.id}>
      <div className="row-main">
        <span className="row-title">{device}</span> {session.current && <span className="tag">{t('session:sessions.current')}</span>}
        <p className="row-meta">
          {session.body && <span dir="auto">{session.body.name}</span>}
          <time dateTime={session.used} title={formatMoment(session.used, locale)}>
            {t('session:sessions.used', { when: formatAgo(session.used, locale) })}
          </time>
          <bdi dir="ltr">{session.network}</bdi>
        </p>
      </div>
      {!session.current && (
        <div className="row-end">
          <button
            type="button"
            className="button button-small"
            aria-label={t('session:sessions.endNamed', { device })}
            disabled={busy}
            onClick={onEnd}
            data-testid="end-session"
          >
            {t('session:sessions.end')}
          </button>
        </div>
      )}
    </li>
  );
}
