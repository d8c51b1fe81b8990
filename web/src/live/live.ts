import type { FeedEntry, FeedPage, Here } from '../api/types';
import { readable } from '../i18n/erased';

/*
 * The live line. What it promises, whatever the network does:
 *   - every entry after the starting position is emitted once and only once, in the order of positions;
 *   - on every (re)connect it follows first and holds the pushes back, reads the feed after the last position until nothing
 *     is left, merges both, and lets go;
 *   - nothing of a connection is emitted before it is confirmed to be one for this line;
 *   - a heartbeat says how far the viewer has seen; without one for a while the state is no longer "live", and `asOf` says
 *     since when;
 *   - it tries again for ever, until the signal ends it or the server says that the session is over.
 */

export type LiveState =
  | { kind: 'connecting'; asOf: null }
  | { kind: 'live'; asOf: number }
  | { kind: 'reconnecting'; asOf: number | null }
  | { kind: 'offline'; asOf: number | null };

/** One connection to the hub; used once and then thrown away. */
export interface LiveConnection {
  start(): Promise<void>;
  stop(): Promise<void>;
  invoke(method: string, ...args: unknown[]): Promise<unknown>;
  on(event: string, handler: (payload: unknown) => void): void;
  onClosed(handler: () => void): void;
}

export interface InboxSignal {
  position: number;
  reason: string;
}

export interface LiveOptions {
  connect: () => LiveConnection;
  /** Changes after a position, oldest first. */
  readFeed: (after: number, signal: AbortSignal) => Promise<FeedPage>;
  topics: readonly string[];
  /** What has been read by other means holds everything up to here. */
  position: number;
  signal: AbortSignal;
  /**
   * Asked on each connection, before anything of it is emitted. When it rejects, the connection is not one for this line, or nobody can tell: the
   * attempt has failed.
   */
  confirm?: () => Promise<unknown>;
  onEntries: (entries: FeedEntry[]) => void;
  onState: (state: LiveState) => void;
  onInbox?: (signal: InboxSignal) => void;
  onHere?: (here: Here) => void;
  onSignedOut?: () => void;
  /** Milliseconds before the first, second, … further attempt; the last one repeats. */
  delays?: readonly number[];
  /** Adds to a delay, so that not everyone comes back at once. */
  jitter?: (delay: number) => number;
  /** Milliseconds without any word from the server after which the line counts as broken. */
  silence?: number;
  now?: () => number;
  /** Whether the machine has a network at all. */
  online?: () => boolean;
}

export interface Live {
  /** Ends the waiting before the next attempt. */
  tryNow(): void;
  /** The browser gained or lost its network. */
  networkChanged(): void;
  follow(topic: string): void;
  unfollow(topic: string): void;
  position(): number;
  /** Resolves when the line has ended for good. */
  ended: Promise<void>;
}

const defaultDelays = [0, 1000, 2000, 5000, 10_000] as const;
const remembered = 10_000;

/** Remembers which positions were emitted, so that none is emitted twice. Bounded. */
export class Emitted {
  #floor: number;
  readonly #seen = new Set<number>();

  constructor(floor: number) {
    this.#floor = floor;
  }

  /** True the first time a position is named. */
  add(position: number): boolean {
    if (position <= this.#floor || this.#seen.has(position)) return false;
    this.#seen.add(position);
    if (this.#seen.size > remembered) this.#trim();
    return true;
  }

  #trim(): void {
    const oldest = [...this.#seen].sort((a, b) => a - b).slice(0, remembered / 2);
    for (const position of oldest) this.#seen.delete(position);
    this.#floor = Math.max(this.#floor, oldest.at(-1) ?? 0);
  }
}

export function startLive(options: LiveOptions): Live {
  const { connect, readFeed, signal, onEntries, onState } = options;
  const delays = options.delays ?? defaultDelays;
  const jitter = options.jitter ?? ((delay: number) => Math.random() * Math.min(1000, delay / 2));
  const silence = options.silence ?? 25_000;
  const now = options.now ?? Date.now;
  const online = options.online ?? (() => true);

  const topics = new Set(options.topics);
  const emitted = new Emitted(options.position);
  let last = options.position;
  let asOf: number | null = null;
  let stateKind: LiveState['kind'] = 'connecting';
  let current: LiveConnection | null = null;
  let wake: (() => void) | null = null;
  let breakLine: (() => void) | null = null;
  let over = false;

  function say(kind: LiveState['kind']): void {
    if (kind === 'live') asOf = now();
    if (kind === stateKind && kind !== 'live') return;
    stateKind = kind;
    onState(kind === 'connecting' ? { kind, asOf: null } : kind === 'live' ? { kind, asOf: asOf ?? now() } : { kind, asOf });
  }

  function emit(entries: readonly FeedEntry[]): void {
    const fresh = entries.filter((entry) => emitted.add(entry.position));
    for (const entry of fresh) last = Math.max(last, entry.position);
    if (fresh.length > 0) onEntries(fresh);
  }

  /** Waits, but not longer than until someone is impatient. */
  function pause(delay: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        wake = null;
        resolve();
      };
      const timer = setTimeout(done, delay);
      wake = done;
    });
  }

  /** Waits for the network, or for the end. */
  function untilOnline(): Promise<void> {
    return new Promise((resolve) => {
      wake = () => {
        wake = null;
        resolve();
      };
    });
  }

  /** Lives as long as the connection does. True when it was live at some point. */
  async function session(): Promise<boolean> {
    const connection = connect();
    current = connection;
    const broken = new AbortController();
    const closed = new Promise<void>((resolve) => {
      breakLine = () => {
        broken.abort();
        resolve();
      };
    });
    let held: FeedEntry[] | null = [];
    /** From where to read again, when the server sent us back while we were reading. */
    let again: number | null = null;
    let quiet: ReturnType<typeof setTimeout> | undefined;
    let refilling: Promise<void> | null = null;
    let wasLive = false;

    const heard = () => {
      if (broken.signal.aborted) return;
      clearTimeout(quiet);
      quiet = setTimeout(() => breakLine?.(), silence);
      if (held === null) say('live');
    };

    /** Reads what lies behind us until nothing is left, then lets go of what was held back meanwhile. */
    const refill = async (from: number): Promise<void> => {
      held ??= [];
      again = null;
      let after = from;
      for (;;) {
        const page = await readFeed(after, broken.signal);
        if (broken.signal.aborted) return;
        emit([...page.items].sort((a, b) => a.position - b.position));
        last = Math.max(last, page.position);
        // A page without entries may have others behind it: this reader sees nothing of what it went over.
        const next = page.next ? Number(page.next) : after;
        if (!(next > after)) break;
        after = next;
      }
      // Sent back meanwhile: what was dropped may lie behind the page that looked like the last.
      if (again !== null) return refill(Math.min(last, again));
      const waiting = held.sort((a, b) => a.position - b.position);
      held = null;
      emit(waiting);
    };

    connection.onClosed(() => breakLine?.());
    connection.on('Changed', (payload) => {
      if (broken.signal.aborted) return;
      const entry = readable(payload as FeedEntry);
      heard();
      if (held) held.push(entry);
      else emit([entry]);
    });
    connection.on('Position', (payload) => {
      if (broken.signal.aborted) return;
      heard();
      // While catching up, the feed alone says how far we are.
      if (held === null) last = Math.max(last, Number(payload));
    });
    connection.on('CatchUp', (payload) => {
      if (broken.signal.aborted) return;
      heard();
      if (held !== null) {
        again = Math.min(again ?? last, Number(payload) || last);
        return;
      }
      refilling = refill(Math.min(last, Number(payload) || last)).catch(() => breakLine?.());
    });
    connection.on('Inbox', (payload) => {
      heard();
      options.onInbox?.(payload as InboxSignal);
    });
    connection.on('Here', (payload) => {
      heard();
      options.onHere?.(payload as Here);
    });
    connection.on('SignedOut', () => {
      over = true;
      breakLine?.();
    });

    try {
      await Promise.race([connection.start(), closed]);
      if (broken.signal.aborted) return false;
      heard();
      await Promise.race([Promise.all([connection.invoke('Follow', [...topics]), options.confirm?.()]), closed]);
      if (broken.signal.aborted) return false;
      await Promise.race([refill(last), closed]);
      if (broken.signal.aborted) return false;
      wasLive = true;
      say('live');
      await closed;
      return true;
    } catch {
      return wasLive;
    } finally {
      clearTimeout(quiet);
      broken.abort();
      breakLine = null;
      current = null;
      await refilling;
      connection.stop().catch(() => undefined);
    }
  }

  async function run(): Promise<void> {
    let attempt = 0;
    onState({ kind: 'connecting', asOf: null });
    while (!signal.aborted && !over) {
      if (!online()) {
        say('offline');
        await untilOnline();
        continue;
      }
      if (stateKind === 'offline') say('reconnecting');
      const wasLive = await session();
      if (signal.aborted || over) break;
      if (wasLive) attempt = 0;
      if (!online()) continue;
      say('reconnecting');
      const delay = delays[Math.min(attempt, delays.length - 1)] ?? 0;
      attempt += 1;
      await pause(delay === 0 ? 0 : delay + jitter(delay));
    }
    if (over && !signal.aborted) options.onSignedOut?.();
  }

  signal.addEventListener('abort', () => {
    breakLine?.();
    wake?.();
  });

  const tell = (method: 'Follow' | 'Unfollow', topic: string) => {
    if (current && stateKind === 'live') current.invoke(method, [topic]).catch(() => breakLine?.());
  };

  return {
    ended: run(),
    tryNow: () => wake?.(),
    networkChanged: () => {
      if (!online()) breakLine?.();
      wake?.();
    },
    follow: (topic) => {
      if (topics.has(topic)) return;
      topics.add(topic);
      tell('Follow', topic);
    },
    unfollow: (topic) => {
      if (topics.delete(topic)) tell('Unfollow', topic);
    },
    position: () => last,
  };
}
