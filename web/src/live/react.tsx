import { createContext, type ReactNode, useContext, useEffect, useRef, useSyncExternalStore } from 'react';
import type { FeedEntry, Here } from '../api/types';
import type { LiveState } from './live';
import type { LiveStore } from './store';

const Context = createContext<LiveStore | null>(null);

export function LiveProvider({ store, children }: { store: LiveStore; children: ReactNode }) {
  return <Context value={store}>{children}</Context>;
}

export function useLive(): LiveStore {
  const store = useContext(Context);
  if (!store) throw new Error('No live line here: wrap the view in LiveProvider');
  return store;
}

export function useLiveState(): LiveState {
  const { state } = useLive();
  return useSyncExternalStore(state.watch, state.get);
}

export function useHere(): Here | null {
  const { here } = useLive();
  return useSyncExternalStore(here.watch, here.get);
}

/** The change that this row has just seen, for as long as it is worth pointing at. */
export function useFlash(row: string): FeedEntry | undefined {
  const { flashes } = useLive();
  return useSyncExternalStore(flashes.watch, () => flashes.get().get(row));
}

/** Changes whenever every earlier read became void. */
export function useVoided(): number {
  const { voided } = useLive();
  return useSyncExternalStore(voided.watch, voided.get);
}

/** Tells the view of every batch of new changes. */
export function useEntries(onEntries: (entries: FeedEntry[]) => void): void {
  const live = useLive();
  const latest = useRef(onEntries);
  useEffect(() => {
    latest.current = onEntries;
  });
  useEffect(() => live.listen((entries) => latest.current(entries)), [live]);
}

/** Follows a topic for as long as the view is there. */
export function useFollow(topic: string): void {
  const live = useLive();
  useEffect(() => live.follow(topic), [live, topic]);
}
