import { useQuery } from '@tanstack/react-query';
import { queries } from './queries';
import type { Session } from './types';

/** Who is signed in. Only for views inside the shell, which shows itself to signed-in people alone. */
export function useSession(): Session {
  const { data } = useQuery(queries.session());
  if (!data) throw new Error('Nobody is signed in');
  return data;
}
