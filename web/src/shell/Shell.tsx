import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Fragment, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { ApiError, forgetSeen, onConfirmAsked } from '../api/client';
import { useCommand } from '../api/command';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import { readSessionAnew, visitorOf } from '../api/session';
import type { Session } from '../api/types';
import { useTranslation } from '../i18n';
import { useLive, useLiveState } from '../live/react';
import { ResetNotice } from '../session/ResetNotice';
import { SessionEnd } from '../session/SessionEnd';
import { Trouble } from '../ui/pieces';
import { AccountMenu } from './AccountMenu';
import { Announcer } from './Announcer';
import { BodyChange } from './BodyChange';
import { ConnectionState, StaleBar } from './ConnectionState';
import { icons } from './icons';
import { LanguageMenu } from './LanguageMenu';
import { Palette } from './Palette';
import { places } from './places';
import { SearchBox } from './SearchBox';
import { ShortcutHelp } from './ShortcutHelp';
import { useShortcuts } from './shortcuts';

const ConfirmPassword = lazy(() => import('../session/ConfirmPassword').then((module) => ({ default: module.ConfirmPassword })));
const onPhone = 4;

export function Shell() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const live = useLive();
  const { data: session } = useQuery(queries.session());
  // Of the inbox the frame shows how much is unread, and no item.
  const { data: inbox } = useQuery({ ...queries.inbox(1), enabled: session !== undefined });
  const state = useLiveState();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [more, setMore] = useState(false);
  // For what the password is asked for again, and what waits for it.
  const [confirming, setConfirming] = useState<'write' | 'stay' | null>(null);
  const waiting = useRef<((given: boolean) => void)[]>([]);
  const path = useRouterState({ select: (router) => router.location.pathname });
  const { error, run, retry, clear } = useCommand();
  // Counts the lines that were begun for the same visitor.
  const [line, setLine] = useState(0);
  // How far the line before had told, and whom.
  const told = useRef<{ visitor: string; position: number } | null>(null);
  const visitor = session ? visitorOf(session) : null;
  const before = useRef(visitor);

  // biome-ignore lint/correctness/useExhaustiveDependencies: one line for each visitor
  useEffect(() => {
    const position = client.getQueryData(queries.session().queryKey)?.position;
    if (!visitor || position === undefined) return;
    // The same visitor misses nothing between two lines. Another one reads everything anew.
    const from = told.current?.visitor === visitor ? told.current.position : position;
    told.current = null;
    live.start(from, () => void goOn());
    return () => live.stop();
  }, [visitor, line, live]);

  // What was read for another visitor is not this one's, nor is what was refused.
  useEffect(() => {
    if (!visitor || before.current === visitor) return;
    before.current = visitor;
    clear();
    void client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  }, [visitor, client, clear]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the panel and what was refused belong to the page before
  useEffect(() => {
    setMore(false);
    clear();
  }, [path]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what waits belongs to the page and the visitor before
  useEffect(() => {
    onConfirmAsked(
      () =>
        new Promise((answer) => {
          waiting.current.push(answer);
          setConfirming('write');
        }),
    );
    return () => {
      onConfirmAsked(async () => false);
      confirm(false);
    };
  }, [path, visitor]);

  function confirm(given: boolean) {
    for (const answer of waiting.current.splice(0)) answer(given);
    setConfirming(null);
    // It lasts longer by it.
    if (given) void client.invalidateQueries(queries.session());
  }

  function leave() {
    live.stop();
    client.clear();
    forgetSeen();
  }

  async function take(next: Session, position: number | null) {
    const { queryKey } = queries.session();
    // A read that is under way may bring the session before.
    await client.cancelQueries({ queryKey });
    client.setQueryData(queryKey, next);
    clear();
    // Another visitor's line begins by itself.
    if (visitorOf(next) === visitor) beginLine(position);
  }

  function beginLine(position: number | null) {
    told.current = visitor && position !== null ? { visitor, position } : null;
    setLine((count) => count + 1);
  }

  /** The session was ended, or goes on: for another body, chosen in another window, or with a new cookie. */
  async function goOn() {
    try {
      await take(await readSessionAnew(client), live.position());
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 401) {
        leave();
        void navigate({ to: '/signin', search: {} });
        return;
      }
      // Nobody can tell now whether the session goes on. The next line asks again until somebody can.
      beginLine(live.position());
    }
  }

  const actFor = (next: string) =>
    run(async () => {
      const from = live.position();
      // What was told for the body before ends here, not with a goodbye.
      live.stop();
      try {
        await take(await commands.actFor(next), from);
      } catch (problem) {
        beginLine(from);
        throw problem;
      }
      // The page that is open may be hidden from the other body.
      void navigate({ to: '/' });
    });

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
            <SearchBox />
            <ConnectionState />
            <LanguageMenu />
            <AccountMenu onLeave={leave} onHelp={() => setHelp(true)} onActFor={actFor} />
          </div>
        </div>
      </header>
      <div className="bars">
        <StaleBar />
        <BodyChange session={session} />
        <ResetNotice />
        <SessionEnd onConfirm={() => setConfirming('stay')} />
      </div>
      <main id="main" tabIndex={-1}>
        <Trouble error={error} retry={retry} />
        <Fragment key={visitor}>
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
      {confirming && (
        <Suspense>
          <ConfirmPassword lead={t(`session:confirm.${confirming}`)} onConfirmed={() => confirm(true)} onClose={() => confirm(false)} />
        </Suspense>
      )}
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
    </div>
  );
}
