import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import {
  type AnyRoute,
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router';
import { render, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { vi } from 'vitest';
import { type Sender, useCommand } from '../src/api/command';
import { queries } from '../src/api/queries';
import { carrySessionOf } from '../src/api/session';
import type { Session } from '../src/api/types';
import { startI18n } from '../src/i18n';
import { LiveProvider } from '../src/live/react';
import { LiveStore } from '../src/live/store';

export const session: Session = {
  account: 'a-7f3kq2xw',
  signInName: 'ruritania-coordinator',
  displayName: 'Coordinator of Ruritania',
  role: 'coordinator',
  bodies: [{ id: 'ruritania', name: 'Ruritania', role: 'coordinator' }],
  body: {
    id: 'ruritania',
    kind: 'state',
    name: 'Ruritania',
    exercise: true,
    version: 1,
    status: {
      plans: 1,
      milestones: { total: 0, done: 0, inProgress: 0, planned: 0, atRisk: 0, late: 0, cancelled: 0 },
      openRequests: 0,
      online: true,
    },
  },
  csrfToken: 'token',
  position: 10,
  demonstration: true,
  version: '1',
  now: '2026-11-23T10:00:00Z',
  ends: '2026-11-23T22:00:00Z',
  endsForGood: '2026-11-30T10:00:00Z',
};

/** As the frame around every view does, it keeps in the cache who is signed in, whatever else is dropped. */
function Frame({ children }: { children: ReactNode }) {
  useQuery({ ...queries.session(), enabled: false });
  return children;
}

/** Shows a view as the application would: with words, a cache, a router and a live line that is not connected. */
export const show = (view: ReactNode, signedIn: Session | null = session) =>
  shown(createRootRoute({ component: () => <Frame>{view}</Frame> }), '/', signedIn);

/** Shows a page at its path, whose search it reads and writes; `at` fills in the names of the path. */
export function showAt(path: string, view: ReactNode, signedIn: Session | null = session, at = path) {
  const root = createRootRoute({ component: () => <Outlet /> });
  const shell = createRoute({
    getParentRoute: () => root,
    id: 'shell',
    component: () => (
      <Frame>
        <Outlet />
      </Frame>
    ),
  });
  const page = createRoute({ getParentRoute: () => shell, path, component: () => view });
  return shown(root.addChildren([shell.addChildren([page])]), at, signedIn);
}

async function shown(routeTree: AnyRoute, path: string, signedIn: Session | null) {
  await startI18n('en');
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  carrySessionOf(client);
  if (signedIn) client.setQueryData(['session'], signedIn);
  const live = new LiveStore(client);
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [path] }) });
  await router.load();
  const view = render(
    <QueryClientProvider client={client}>
      <LiveProvider store={live}>
        <RouterProvider router={router as never} />
      </LiveProvider>
    </QueryClientProvider>,
  );
  return { ...view, client, live, router };
}

export interface Call {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

/** A server in the hand of the test: answers in the order given for each path, and remembers what it was asked. */
export function serve(answers: (call: Call) => { status?: number; body?: unknown; headers?: Record<string, string> } | 'away'): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const call: Call = {
      method: init.method ?? 'GET',
      path: url.replace('/api/v1', ''),
      headers: (init.headers ?? {}) as Record<string, string>,
      body: init.body ? JSON.parse(String(init.body)) : undefined,
    };
    calls.push(call);
    const answer = answers(call);
    if (answer === 'away') throw new TypeError('Failed to fetch');
    const status = answer.status ?? 200;
    return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), {
      status,
      headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', ...answer.headers },
    });
  });
  return calls;
}

/** Whether a call reads who is signed in. */
export const isWhoAmI = ({ method, path }: Call): boolean => method === 'GET' && path.split('?')[0] === '/session';

/** A sender as a view has it, for tests of what commands say. */
export function sender(): Promise<Sender> {
  const client = new QueryClient();
  const { result } = renderHook(useCommand, {
    wrapper: ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  return new Promise((resolve) => result.current.run(async (by) => resolve(by)));
}
