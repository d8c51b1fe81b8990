import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { ApiError } from '../api/client';
import { queries } from '../api/queries';
import { bodyKinds, pillars, planStatuses, requestKinds, requestStatuses, searchKinds, securityEventKinds } from '../api/types';
import type { LiveStore } from '../live/store';
import { NotFound } from '../parts/page/NotFound';
import { PageError } from './PageError';
import { Root } from './Root';
import { Shell } from './Shell';
import { oneOf, text, yes } from './search';

export interface RouterContext {
  client: QueryClient;
  live: LiveStore;
}

const root = createRootRouteWithContext<RouterContext>()({ component: Root, notFoundComponent: NotFound, errorComponent: PageError });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/signin',
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'next') }),
  component: lazyRouteComponent(() => import('../session/SignInPage'), 'SignInPage'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../session/InvitationPage'), 'InvitationPage'),
});

const problems = createRoute({
  getParentRoute: () => root,
  path: '/problems',
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'text') }),
  component: lazyRouteComponent(() => import('../problems/ProblemsPage'), 'ProblemsPage'),
});

const problem = createRoute({
  getParentRoute: () => root,
  path: '/problems/$code',
  component: lazyRouteComponent(() => import('../problems/ProblemPage'), 'ProblemPage'),
});

/** Everything behind the sign-in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.client.ensureQueryData(queries.session());
    } catch (error) {
      if (error instanceof ApiError && error.status === 401)
        throw redirect({ to: '/signin', search: location.href === '/' ? {} : { next: location.href } });
      throw error;
    }
  },
});

const desk = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('../desk/DeskPage'), 'DeskPage'),
});
const world = createRoute({
  getParentRoute: () => shell,
  path: '/world',
  validateSearch: (search: Record<string, unknown>) => ({
    ...oneOf(search, 'tab', ['map', 'table'] as const),
    ...oneOf(search, 'frame', ['world', 'africa', 'americas', 'asia', 'europe', 'oceania'] as const),
    ...text(search, 'state'),
    ...text(search, 'class'),
  }),
  component: lazyRouteComponent(() => import('../world/WorldPage'), 'WorldPage'),
});
const bodies = createRoute({
  getParentRoute: () => shell,
  path: '/bodies',
  validateSearch: (search: Record<string, unknown>) => ({
    ...text(search, 'q'),
    ...oneOf(search, 'kind', bodyKinds),
    ...text(search, 'region'),
    ...yes(search, 'alone'),
  }),
  component: lazyRouteComponent(() => import('../bodies/BodiesPage'), 'BodiesPage'),
});
const body = createRoute({
  getParentRoute: () => shell,
  path: '/bodies/$id',
  component: lazyRouteComponent(() => import('../bodies/BodyPage'), 'BodyPage'),
});
const country = createRoute({
  getParentRoute: () => shell,
  path: '/countries/$iso3',
  beforeLoad: async ({ context, params }) => {
    const states = await context.client.ensureQueryData(queries.firstBodies({ state: params.iso3.toUpperCase(), sort: 'kind' }, 1));
    const [state] = states.items;
    if (state) throw redirect({ to: '/bodies/$id', params: { id: state.id }, replace: true });
    throw redirect({ to: '/world', search: { state: params.iso3.toUpperCase() }, replace: true });
  },
});
const plans = createRoute({
  getParentRoute: () => shell,
  path: '/plans',
  validateSearch: (search: Record<string, unknown>) => ({
    ...oneOf(search, 'status', planStatuses),
    ...text(search, 'region'),
    ...oneOf(search, 'exercise', ['only', 'none'] as const),
    ...text(search, 'q'),
    ...oneOf(search, 'sort', ['body', 'title', '-late', 'status'] as const),
  }),
  component: lazyRouteComponent(() => import('../plans/PlansPage'), 'PlansPage'),
});
const plan = createRoute({
  getParentRoute: () => shell,
  path: '/plans/$id',
  validateSearch: (search: Record<string, unknown>) => ({
    ...oneOf(search, 'tab', ['overview', 'timeline', 'changes'] as const),
    ...oneOf(search, 'zoom', ['month', 'quarter', 'year'] as const),
    ...text(search, 'm'),
    ...text(search, 'show'),
    ...yes(search, 'update'),
  }),
  component: lazyRouteComponent(() => import('../plans/PlanPage'), 'PlanPage'),
});
const milestones = createRoute({
  getParentRoute: () => shell,
  path: '/milestones',
  validateSearch: (search: Record<string, unknown>) => ({
    ...oneOf(search, 'show', ['late', 'at-risk', 'soon', 'to-approve'] as const),
    ...text(search, 'body'),
    ...oneOf(search, 'pillar', pillars),
    ...text(search, 'q'),
    ...oneOf(search, 'sort', ['due', '-due', 'title', 'body'] as const),
  }),
  component: lazyRouteComponent(() => import('../plans/MilestonesPage'), 'MilestonesPage'),
});
const requests = createRoute({
  getParentRoute: () => shell,
  path: '/requests',
  validateSearch: (search: Record<string, unknown>) => ({
    ...oneOf(search, 'box', ['in', 'out', 'watching'] as const),
    ...oneOf(search, 'status', requestStatuses),
    ...oneOf(search, 'kind', requestKinds),
    ...text(search, 'region'),
    ...yes(search, 'open'),
    ...yes(search, 'waiting'),
    ...text(search, 'q'),
    ...oneOf(search, 'sort', ['-opened', 'opened', '-changed', 'needed-by', '-urgency', 'subject'] as const),
  }),
  component: lazyRouteComponent(() => import('../requests/RequestsPage'), 'RequestsPage'),
});
const newRequest = createRoute({
  getParentRoute: () => shell,
  path: '/requests/new',
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'to'), ...text(search, 'region'), ...text(search, 'measure') }),
  component: lazyRouteComponent(() => import('../requests/NewRequestPage'), 'NewRequestPage'),
});
const request = createRoute({
  getParentRoute: () => shell,
  path: '/requests/$id',
  component: lazyRouteComponent(() => import('../requests/RequestPage'), 'RequestPage'),
});
const feed = createRoute({
  getParentRoute: () => shell,
  path: '/feed',
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'topic') }),
  component: lazyRouteComponent(() => import('../feed/FeedPage'), 'FeedPage'),
});
const groups = createRoute({
  getParentRoute: () => shell,
  path: '/groups',
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'q') }),
  component: lazyRouteComponent(() => import('../groups/GroupsPage'), 'GroupsPage'),
});
const group = createRoute({
  getParentRoute: () => shell,
  path: '/groups/$id',
  component: lazyRouteComponent(() => import('../groups/GroupPage'), 'GroupPage'),
});
const regions = createRoute({
  getParentRoute: () => shell,
  path: '/regions',
  component: lazyRouteComponent(() => import('../regions/RegionsPage'), 'RegionsPage'),
});
const region = createRoute({
  getParentRoute: () => shell,
  path: '/regions/$name',
  component: lazyRouteComponent(() => import('../regions/RegionPage'), 'RegionPage'),
});
const search = createRoute({
  getParentRoute: () => shell,
  path: '/search',
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'q'), ...oneOf(search, 'kind', searchKinds) }),
  component: lazyRouteComponent(() => import('../search/SearchPage'), 'SearchPage'),
});
const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox',
  component: lazyRouteComponent(() => import('../inbox/InboxPage'), 'InboxPage'),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('../account/AccountPage'), 'AccountPage'),
});

const accounts = createRoute({
  getParentRoute: () => shell,
  path: '/accounts',
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'q'), ...yes(search, 'resets') }),
  component: lazyRouteComponent(() => import('../accounts/AccountsPage'), 'AccountsPage'),
});
const security = createRoute({
  getParentRoute: () => shell,
  path: '/security',
  validateSearch: (search: Record<string, unknown>) => ({ ...oneOf(search, 'kind', securityEventKinds), ...text(search, 'account') }),
  component: lazyRouteComponent(() => import('../security/SecurityPage'), 'SecurityPage'),
});

/** What leads nowhere is said within the dashboard, where one can go on. */
const nowhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound });

const tree = root.addChildren([
  signIn,
  invitation,
  problems,
  problem,
  shell.addChildren([
    desk,
    world,
    bodies,
    body,
    country,
    plans,
    plan,
    milestones,
    requests,
    newRequest,
    request,
    feed,
    groups,
    group,
    regions,
    region,
    inbox,
    search,
    account,
    accounts,
    security,
    nowhere,
  ]),
]);

export function makeRouter(client: QueryClient, live: LiveStore) {
  return createRouter({
    routeTree: tree,
    context: { client, live },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: false,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFound,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
