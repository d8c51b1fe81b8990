import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { queries, wholeSecurityLog } from '../api/queries';
import { useSession } from '../api/session';
import { type AccountName, type SecurityEvent, type SecurityEventKind, securityEventKinds } from '../api/types';
import { useLocale, useTranslation, type Words } from '../i18n';
import { formatAgo, formatMoment } from '../ui/dates';
import { ExportButton } from '../ui/export';
import { Empty, Loading, PageHead, Trouble } from '../ui/pieces';
import { securityHead, securityRows } from './model';
import './security.css';

const route = getRouteApi('/shell/security');

/** What happened at the doors: of one's body for its coordinators, of the whole platform for administrators. */
export function SecurityPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const session = useSession();
  const { data, error, isPending, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(queries.securityLog({ ...search }));
  const events = data?.pages.flatMap((page) => page.items) ?? [];
  const set = (part: { kind?: SecurityEventKind | undefined; account?: string | undefined }) =>
    void navigate({
      to: '/security',
      search: Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value)),
      replace: true,
    });
  const shown = events.flatMap((event) => [event.account, event.about]).find((one) => one?.id === search.account);
  return (
    <div className="page">
      <PageHead title={t('security:title')}>
        <button type="button" className="button" onClick={() => void refetch()} disabled={isFetching} data-testid="security-reload">
          {t('security:reload')}
        </button>
        <ExportButton
          file="security-log.csv"
          head={securityHead(t)}
          rows={async (onRead, signal) => securityRows(await wholeSecurityLog({ ...search }, onRead, signal))}
          testId="security-export"
        />
      </PageHead>
      <p className="hint lead">{session.body ? t('security:leadBody', { body: session.body.name }) : t('security:leadPlatform')}</p>
      <div className="filters" role="search" aria-label={t('words:filter')}>
        <label>
          <span>{t('security:kindLabel')}</span>
          <select
            value={search.kind ?? ''}
            data-testid="security-kind"
            onChange={(event) => set({ kind: (event.target.value || undefined) as SecurityEventKind | undefined })}
          >
            <option value="">{t('words:any')}</option>
            {securityEventKinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`security:kind.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        {search.account && (
          <p className="filters-note">
            <span>{t('security:onlyOf', { name: shown ? nameOf(shown, t) : search.account })}</span>{' '}
            <button type="button" className="link-button" onClick={() => set({ account: undefined })} data-testid="security-everybody">
              {t('security:allAccounts')}
            </button>
          </p>
        )}
      </div>
      <Trouble error={error} retry={() => void refetch()} />
      {isPending && <Loading lines={8} />}
      {data && events.length === 0 && <Empty title={t('security:none')} />}
      {events.length > 0 && (
        <section className="card" aria-label={t('security:title')}>
          <ol className="rows" data-testid="security-events">
            {events.map((event) => (
              <Row key={event.number} event={event} onAccount={(account) => set({ account })} />
            ))}
          </ol>
          {hasNextPage && (
            <button
              type="button"
              className="button start"
              disabled={isFetching}
              onClick={() => void fetchNextPage()}
              data-testid="security-more"
            >
              {t('security:more')}
            </button>
          )}
        </section>
      )}
    </div>
  );
}

const nameOf = (account: AccountName, t: Words): string => account.name ?? t('security:former');

function Row({ event, onAccount }: { event: SecurityEvent; onAccount: (account: string) => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const account = (one: AccountName, label: string) => (
    <button type="button" className="link-button" onClick={() => onAccount(one.id)}>
      <bdi>{label}</bdi>
    </button>
  );
  return (
    <li className="row" data-testid="security-event" data-kind={event.kind}>
      <div className="row-main">
        <span className={`row-title security-${weightOf(event.kind)}`}>{t(`security:kind.${event.kind}`)}</span>{' '}
        {event.count > 1 && <span className="tag">{t('security:count', { count: event.count })}</span>}
        <p className="row-meta">
          {event.account ? account(event.account, nameOf(event.account, t)) : <span>{t('security:someone')}</span>}
          {event.body && <span dir="auto">{t('security:for', { body: event.body.name })}</span>}
          {event.about && account(event.about, t('security:about', { name: nameOf(event.about, t) }))}
          {event.aboutBody && event.aboutBody.id !== event.body?.id && (
            <Link to="/bodies/$id" params={{ id: event.aboutBody.id }} dir="auto">
              {t('security:at', { body: event.aboutBody.name })}
            </Link>
          )}
        </p>
        {event.code && (
          <p className="row-meta">
            <code dir="ltr">{event.operation ? `${event.operation}: ${event.code}` : event.code}</code>
          </p>
        )}
      </div>
      <div className="row-end security-where">
        <time className="hint" dateTime={event.at} title={formatMoment(event.at, locale)}>
          {formatAgo(event.at, locale)}
        </time>
        <span className="hint">
          {[event.browser, event.system].filter(Boolean).join(', ')} {event.network && <bdi dir="ltr">{event.network}</bdi>}
        </span>
      </div>
    </li>
  );
}

/** What deserves a look, and what merely happened. */
const weightOf = (kind: SecurityEventKind): 'plain' | 'look' =>
  kind === 'sign-in-failed' || kind === 'sign-in-locked' || kind === 'password-wrong' || kind === 'refused' || kind === 'bounded'
    ? 'look'
    : 'plain';
