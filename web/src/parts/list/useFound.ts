import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { queries } from '../../api/queries';
import type { Found } from '../../api/types';

/** Milliseconds after the last key before the platform is asked. */
const pause = 200;

/** What typed words find, the first so many; those before stay until they are there. */
export function useFound(typed: string, most: number): Found[] {
  const [q, setQ] = useState(typed.trim());
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), pause);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data } = useQuery({ ...queries.firstFound({ q }, most), enabled: q !== '' });
  return q === '' || typed.trim() === '' ? [] : (data?.items ?? []);
}
