import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Fragment, useEffect, useRef, useState } from 'react';
import { forgetSeen, setCsrfToken } from '../api/client';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import type { Session } from '../api/types';
import { useTranslation } from '../i18n';
import { useLive, useLiveState } from '../live/react';
import { Trouble } from '../ui/pieces';
import { AccountMenu } from './AccountMenu';
import { Announcer } from './Announcer';
import { ConnectionState, StaleBar } from './ConnectionState';
import { icons } from './icons';
import { LanguageMenu } from './LanguageMenu';
import { Palette } from './Palette';
import { places } from './places';
import { ShortcutHelp } from './ShortcutHelp';
import { useShortcuts } from './shortcuts';

const onPhone = 4;

export function Shell() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const live = useLive();
  const { data: session } = useQuery(queries.session());
  const { data: inbox } = useQuery({ ...queries.inbox(), enabled: session !== undefined });
  const state = useLiveState();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [more, setMore] = useState(false);
  const path = useRouterState({ select: (router) => router.location.pathname });
  const [error, setError] = useState<unknown>(null);
  // Counts the lines that were begun for the same account and body.
  const [line, setLine] = useState(0);
  const account = session?.account;
  const body = session?.body?.id ?? null;
  const before = useRef(body);

  // biome-ignore lint/correctness/useExhaustiveDependencies: one line for each session and each body that it acts for
  useEffect(() => {
    const position = client.getQueryData(queries.session().queryKey)?.position;
    if (!account || position === undefined) return;
    live.start(position, () => void goOn());
    return () => live.stop();
  }, [account, body, line, live]);

  // What was read for another body is not this one's.
  useEffect(() => {
    if (before.current === body) return;
    before.current = body;
    void client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  }, [body, client]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the panel closes when the page changes
  useEffect(() => setMore(false), [path]);

  function leave() {
    live.stop();
    setCsrfToken('');
    forgetSeen();
    client.clear();
  }

  function take(next: Session) {
    setCsrfToken(next.csrfToken);
    client.setQueryData(queries.session().queryKey, next);
    setLine((count) => count + 1);
  }

  /** The session was ended, or goes on for another body: chosen in another window, or because the role in this one was taken. */
  async function goOn() {
    try {
      take(await client.fetchQuery({ ...queries.session(), staleTime: 0 }));
    } catch {
      leave();
      void navigate({ to: '/signin', search: {} });
    }
  }

  async function actFor(next: string) {
    setError(null);
    // What was told for the body before ends here, not with a goodbye.
    live.stop();
    try {
      take(await commands.actFor(next));
      // The page that is open may be hidden from the other body.
      void navigate({ to: '/' });
    } catch (problem) {
      setError(problem);
      setLine((count) => count + 1);
    }
  }

  useShortcuts({
    palette: () => setPalette(true),
    help: () => setHelp(true),
    go: (key) => {
      const place = places.find((one) => one.key === key);
      if (place) void navigate({ to: place.to });
    },
    request: () => void navigate({ to: '/requests/new', search: {} }),
  });

  if (!session) return null;
  const isHere = (to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));
  const link = (place: (typeof places)[number]) => (
    <Link key={place.to} to={place.to} className="nav-link" aria-current={isHere(place.to) ? 'page' : undefined}>
      {icons[place.word]}
      <span>{t(`shell:place.${place.word}`)}</span>
      {place.to === '/' && inbox && inbox.unread > 0 && <span className="badge number">{inbox.unread}</span>}
    </Link>
  );

  return (
    <div className={state.kind === 'live' || state.kind === 'connecting' ? 'shell' : 'shell shell-stale'}>
      <header className="topbar">
        <div className="topbar-inner">
          <Link to="/" className="brand" aria-label={t('words:brand')}>
            {icons.brand}
            <span>{t('words:brand')}</span>
          </Link>
          <nav className="topnav" aria-label={t('shell:mainNavigation')}>
            {places.map(link)}
          </nav>
          <div className="topbar-end">
            <button
              type="button"
              className="search-button"
              onClick={() => setPalette(true)}
              aria-label={t('shell:search')}
              data-testid="palette-open"
            >
              {icons.search}
              <span className="search-words">{t('shell:search')}</span>
              <kbd>{t('shell:searchKey')}</kbd>
            </button>
            <ConnectionState />
            <LanguageMenu />
            <AccountMenu onLeave={leave} onHelp={() => setHelp(true)} onActFor={(next) => void actFor(next)} />
          </div>
        </div>
      </header>
      <StaleBar />
      <main id="main" tabIndex={-1}>
        <Trouble error={error} />
        <Fragment key={body}>
          <Outlet />
        </Fragment>
      </main>
      <footer className="foot">
        <p>{t('shell:foot', { version: session.version })}</p>
        {session.demonstration && <p>{t('shell:demonstration')}</p>}
      </footer>
      <nav className="bottombar" aria-label={t('shell:mainNavigation')}>
        {places.slice(0, onPhone).map(link)}
        <button type="button" className="nav-link" aria-expanded={more} onClick={() => setMore(!more)}>
          {icons.more}
          <span>{t('shell:more')}</span>
        </button>
        {more && <div className="more-sheet">{places.slice(onPhone).map(link)}</div>}
      </nav>
      <Announcer />
      {palette && <Palette onClose={() => setPalette(false)} />}
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
    </div>
  );
}
