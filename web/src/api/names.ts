import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { queries } from './queries';

/**
 * Names of bodies by their ids; the id itself for one that is not known (yet). Read are those that the view has asked for, all at once, after it
 * was shown.
 */
export function useBodyNames(): (id: string) => string {
  const asked = useRef(new Set<string>());
  const [ids, setIds] = useState<readonly string[]>([]);
  const { data } = useQuery({ ...queries.bodyNames(ids), enabled: ids.length > 0 });
  useEffect(() => {
    if (asked.current.size > ids.length) setIds([...asked.current].sort());
  });
  return (id) => {
    if (id) asked.current.add(id);
    return data?.[id] ?? id;
  };
}
