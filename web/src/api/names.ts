import { useQuery } from '@tanstack/react-query';
import { queries } from './queries';

/** Names of bodies by their ids; the id itself for one that is not known or not open to the reader. */
export function useBodyNames(): (id: string) => string {
  const { data } = useQuery(queries.names());
  return (id) => data?.get(id) ?? id;
}
