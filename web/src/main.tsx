import { QueryClient, QueryClientProvider, replaceEqualDeep } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { createRoot } from 'react-dom/client';
import { watchAttendance } from './api/attendance';
import { ApiError, onBodyLost, onSessionEnded } from './api/client';
import { queries } from './api/queries';
import { carrySessionOf, readSessionAnew } from './api/session';
import { startI18n, useLocale } from './i18n';
import { keepNewerRead } from './live/pages';
import { LiveProvider } from './live/react';
import { LiveStore } from './live/store';
import { makeRouter } from './shell/routes';
import { keepFocus } from './ui/focus';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The live line says when something is old.
      staleTime: 5 * 60_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503),
      structuralSharing: (old, fresh) => replaceEqualDeep(old, keepNewerRead(old, fresh)),
    },
  },
});
watchAttendance();
carrySessionOf(client);
const live = new LiveStore(client);
const router = makeRouter(client, live);

/** Milliseconds after which the session is asked for once more: another window may just have been given a new cookie. */
const askAgainAfter = 300;
let asking = false;

onSessionEnded(() => {
  const { pathname } = router.state.location;
  if (asking || pathname === '/signin' || pathname === '/invitation') return;
  asking = true;
  setTimeout(() => void leaveUnlessSignedIn().finally(() => (asking = false)), askAgainAfter);
});

async function leaveUnlessSignedIn() {
  try {
    await readSessionAnew(client);
    return;
  } catch (problem) {
    if (!(problem instanceof ApiError && problem.status === 401)) return;
  }
  const { pathname, href } = router.state.location;
  if (pathname === '/signin' || pathname === '/invitation') return;
  live.stop();
  await router.navigate({ to: '/signin', search: pathname === '/' ? {} : { next: href } });
  client.clear();
}

// Another window of the browser may act for another body since. The shell says so.
onBodyLost(() => void client.invalidateQueries(queries.session()));

function App() {
  const locale = useLocale();
  return (
    <I18nProvider locale={locale}>
      <QueryClientProvider client={client}>
        <LiveProvider store={live}>
          <RouterProvider router={router} />
        </LiveProvider>
      </QueryClientProvider>
    </I18nProvider>
  );
}

await startI18n();
const root = document.getElementById('root');
if (root) {
  keepFocus(root, new AbortController().signal);
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
