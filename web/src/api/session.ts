import { type QueryClient, useQuery } from '@tanstack/react-query';
import { carrySession } from './client';
import { queries } from './queries';
import type { Session } from './types';

/** Who is signed in. Only for views inside the shell, which shows itself to signed-in people alone. */
export function useSession(): Session {
  const { data } = useQuery(queries.session());
  if (!data) throw new Error('Nobody is signed in');
  return data;
}

/** Every call belongs to the session that the cache holds, however it came there. Cleared with the cache. */
export function carrySessionOf(client: QueryClient): void {
  const [key] = queries.session().queryKey;
  client.getQueryCache().subscribe(({ type, query }) => {
    if (query.queryKey[0] !== key || (type !== 'updated' && type !== 'removed')) return;
    carrySession(type === 'removed' ? null : ((query.state.data as Session | undefined) ?? null));
  });
}

/** Reads the session anew. A read that is under way is called back: the platform may have answered it before the session changed. */
export async function readSessionAnew(client: QueryClient): Promise<Session> {
  const session = queries.session();
  await client.cancelQueries({ queryKey: session.queryKey });
  return client.fetchQuery({ ...session, staleTime: 0 });
}

/** An account together with the body that it acts for. A window shows what one visitor may see. */
export const visitorOf = ({ account, body }: Pick<Session, 'account' | 'body'>): string => (body ? `${account}.${body.id}` : account);
