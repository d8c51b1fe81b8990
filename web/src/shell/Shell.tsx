import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { forgetSeen, setCsrfToken } from '../api/client';
import { queries } from '../api/queries';
import { useTranslation } from '../i18n';
import { useLive, useLiveState } from '../live/react';
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
  const account = session?.account;

  // biome-ignore lint/correctness/useExhaustiveDependencies: one line for each sign-in
  useEffect(() => {
    const position = client.getQueryData(queries.session().queryKey)?.position;
    if (!account || position === undefined) return;
    live.start(position, () => {
      leave();
      void navigate({ to: '/signin', search: {} });
    });
    return () => live.stop();
  }, [account, live]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the panel closes when the page changes
  useEffect(() => setMore(false), [path]);

  function leave() {
    live.stop();
    setCsrfToken('');
    forgetSeen();
    client.clear();
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
            <AccountMenu onLeave={leave} onHelp={() => setHelp(true)} />
          </div>
        </div>
      </header>
      <StaleBar />
      <main id="main" tabIndex={-1}>
        <Outlet />
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
