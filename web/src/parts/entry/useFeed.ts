import { useCallback, useEffect, useRef, useState } from 'react';
import { feedBefore } from '../../api/queries';
import type { FeedEntry } from '../../api/types';
import { useEntries, useVoided } from '../../live/react';
import { about, mergeNewestFirst } from './model';

export interface Feed {
  entries: FeedEntry[];
  /** Arrived while the reader was reading; `show` puts them on top. */
  waiting: FeedEntry[];
  show: () => void;
  /** Reads older ones; null while something is read, and once there is nothing older. */
  more: (() => void) | null;
  loading: boolean;
  error: unknown;
  retry: () => void;
}

/** Pages that are read one after the other while none of them holds anything. A reader who may see little of much goes on by pressing. */
const mostEmpty = 8;

/**
 * Changes about some topics (none: all), newest first, growing at the top as they happen. While `hold()` is true they wait
 * instead of moving what is being read. Kept outside the cache of reads, where a push into a paged list would get lost.
 */
export function useFeed(topics: readonly string[], hold: () => boolean = () => false, size = 50): Feed {
  const [entries, setEntries] = useState<FeedEntry[]>([]);
  const [waiting, setWaiting] = useState<FeedEntry[]>([]);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const [atEnd, setAtEnd] = useState(false);
  const [round, setRound] = useState(0);
  const voided = useVoided();
  const key = topics.join(' ');
  const oldest = useRef<number | null>(null);
  const reading = useRef(new AbortController());

  const load = useCallback(
    async (before: number | null, signal: AbortSignal) => {
      setLoading(true);
      setError(null);
      try {
        let from = before;
        for (let empty = 0; empty < mostEmpty; empty += 1) {
          const page = await feedBefore(from, key ? key.split(' ') : [], size, signal);
          if (signal.aborted) return;
          // A page may be short, or empty, and not the last: where the feed goes on, and whether it does, says `next` alone.
          from = page.next ? Number(page.next) : null;
          oldest.current = from;
          setAtEnd(from === null);
          setEntries((held) => mergeNewestFirst(held, page.items));
          if (from === null || page.items.length > 0) return;
        }
      } catch (problem) {
        if (!signal.aborted) setError(problem);
      } finally {
        if (!signal.aborted) setLoading(false);
      }
    },
    [key, size],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is a new attempt, and a void feed is read anew
  useEffect(() => {
    const stop = new AbortController();
    reading.current = stop;
    setEntries([]);
    setWaiting([]);
    setAtEnd(false);
    oldest.current = null;
    void load(null, stop.signal);
    return () => stop.abort();
  }, [load, round, voided]);

  useEntries((batch) => {
    const fresh = batch.filter((entry) => about(entry, topics));
    if (fresh.length === 0) return;
    if (hold()) setWaiting((held) => mergeNewestFirst(held, fresh));
    else setEntries((held) => mergeNewestFirst(held, fresh));
  });

  return {
    entries,
    waiting,
    show: () => {
      setEntries((held) => mergeNewestFirst(held, waiting));
      setWaiting([]);
    },
    more: atEnd || loading ? null : () => void load(oldest.current, reading.current.signal),
    loading,
    error,
    retry: () => setRound((count) => count + 1),
  };
}
