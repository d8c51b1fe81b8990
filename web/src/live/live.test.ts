import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { entry } from '../../tests/make';
import type { FeedEntry, FeedPage } from '../api/types';
import { startI18n } from '../i18n';
import { Emitted, type LiveConnection, type LiveOptions, type LiveState, startLive } from './live';

/** A hub in the hand of the test: it answers, pushes and breaks when told to. */
class FakeHub implements LiveConnection {
  static made: FakeHub[] = [];
  static refuse = 0;
  /** What the hub's feed holds; pushes go there as well, as on a real server. */
  static feed: FeedEntry[] = [];
  readonly calls: [string, unknown[]][] = [];
  readonly handlers = new Map<string, (payload: unknown) => void>();
  closed: (() => void) | null = null;
  stopped = false;

  constructor() {
    FakeHub.made.push(this);
  }
  static get last(): FakeHub {
    const hub = FakeHub.made.at(-1);
    if (!hub) throw new Error('nothing has connected yet');
    return hub;
  }
  async start() {
    if (FakeHub.refuse > 0) {
      FakeHub.refuse -= 1;
      throw new Error('refused');
    }
  }
  async stop() {
    this.stopped = true;
  }
  async invoke(method: string, ...args: unknown[]) {
    this.calls.push([method, args]);
  }
  on(event: string, handler: (payload: unknown) => void) {
    this.handlers.set(event, handler);
  }
  onClosed(handler: () => void) {
    this.closed = handler;
  }
  say(event: string, payload?: unknown) {
    this.handlers.get(event)?.(payload);
  }
  push(position: number) {
    const made = entry(position);
    if (!FakeHub.feed.some((one) => one.position === position)) FakeHub.feed.push(made);
    this.say('Changed', made);
  }
  drop() {
    this.closed?.();
  }
}

/** Happens on the server while nobody is told. */
const missed = (...positions: number[]) => FakeHub.feed.push(...positions.map((position) => entry(position)));

let stop: AbortController;
let seen: number[];
let states: LiveState[];
let online: boolean;
const kinds = () => states.map((state) => state.kind);
const state = () => states.at(-1);

async function feedOf(after: number, limit = 100): Promise<FeedPage> {
  const items = FakeHub.feed
    .filter((one) => one.position > after)
    .sort((a, b) => a.position - b.position)
    .slice(0, limit);
  const head = FakeHub.feed.reduce((most, one) => Math.max(most, one.position), 0);
  const reached = items.length === limit ? (items.at(-1)?.position ?? head) : head;
  return { items, next: reached < head ? String(reached) : null, position: reached };
}

function start(part: Partial<LiveOptions> = {}) {
  return startLive({
    connect: () => new FakeHub(),
    readFeed: (after) => feedOf(after),
    topics: ['all'],
    position: 0,
    signal: stop.signal,
    onEntries: (entries) => seen.push(...entries.map((one) => one.position)),
    onState: (next) => states.push(next),
    delays: [0, 1000, 2000, 5000, 10_000],
    jitter: () => 0,
    online: () => online,
    ...part,
  });
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime('2026-11-23T14:00:00Z');
  FakeHub.made = [];
  FakeHub.feed = [];
  FakeHub.refuse = 0;
  stop = new AbortController();
  seen = [];
  states = [];
  online = true;
});
afterEach(async () => {
  stop.abort();
  await vi.runOnlyPendingTimersAsync();
  vi.useRealTimers();
});

describe('the live line', () => {
  it('follows first and only then reads the feed', async () => {
    const order: string[] = [];
    start({
      connect: () => {
        const hub = new FakeHub();
        const invoke = hub.invoke.bind(hub);
        hub.invoke = async (method, ...args) => {
          order.push(method);
          await invoke(method, ...args);
        };
        return hub;
      },
      readFeed: async (after) => {
        order.push('feed');
        return feedOf(after);
      },
    });
    await settle();
    expect(order).toEqual(['Follow', 'feed']);
    expect(FakeHub.last.calls[0]).toEqual(['Follow', [['all']]]);
    expect(kinds()).toEqual(['connecting', 'live']);
  });

  it('emits nothing of a connection that is not confirmed, and tries again', async () => {
    missed(1);
    const answers: ((confirmed: boolean) => void)[] = [];
    start({
      confirm: () =>
        new Promise((resolve, reject) => answers.push((confirmed) => (confirmed ? resolve(true) : reject(new Error('not ours'))))),
    });
    await settle();
    FakeHub.last.push(2);
    await settle();
    expect([seen, kinds()]).toEqual([[], ['connecting']]);
    answers[0]?.(false);
    await settle();
    expect([seen, kinds()]).toEqual([[], ['connecting', 'reconnecting']]);
    expect(FakeHub.made).toHaveLength(2);
    answers[1]?.(true);
    await settle();
    expect(seen).toEqual([1, 2]);
    expect(state()?.kind).toBe('live');
  });

  it('emits pushes as they come', async () => {
    start();
    await settle();
    FakeHub.last.push(1);
    FakeHub.last.push(2);
    expect(seen).toEqual([1, 2]);
  });

  it('emits a push with the reader’s word for an erased text', async () => {
    await startI18n('en');
    const texts: unknown[] = [];
    start({ onEntries: (entries) => texts.push(...entries.map((one) => [one.data.text, one.summary])) });
    await settle();
    FakeHub.last.say('Changed', entry(1, { data: { text: '[erased]' }, summary: 'Ruritania: “[erased]” is done' }));
    expect(texts).toEqual([['(erased text)', 'Ruritania: “(erased text)” is done']]);
  });

  it('does not emit what was read by other means', async () => {
    missed(1, 2, 3, 4);
    start({ position: 3 });
    await settle();
    expect(seen).toEqual([4]);
  });

  it('loses nothing, repeats nothing and keeps the order over a drop', async () => {
    start();
    await settle();
    FakeHub.last.push(1);
    FakeHub.last.push(2);
    FakeHub.last.drop();
    missed(3, 4, 5);
    await settle();
    FakeHub.last.push(6);
    expect(FakeHub.made).toHaveLength(2);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('holds pushes back while it catches up and merges them by position', async () => {
    missed(1, 2);
    let release: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    start({
      readFeed: async (after) => {
        const page = await feedOf(after);
        if (after === 0) await gate;
        return page;
      },
    });
    await settle();
    // 2 comes again as a push, 4 before 3.
    FakeHub.last.say('Changed', entry(2));
    FakeHub.last.say('Changed', entry(4));
    FakeHub.last.say('Changed', entry(3));
    expect(seen).toEqual([]);
    expect(state()?.kind).toBe('connecting');
    release?.();
    await settle();
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(state()?.kind).toBe('live');
  });

  it('reads the feed page by page until nothing is left', async () => {
    missed(...Array.from({ length: 25 }, (_, at) => at + 1));
    const asked: number[] = [];
    start({
      readFeed: async (after) => {
        asked.push(after);
        return feedOf(after, 10);
      },
    });
    await settle();
    expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
    expect(asked).toEqual([0, 10, 20]);
  });

  it('reads on behind pages that hold nothing for this reader', async () => {
    missed(950);
    const asked: number[] = [];
    // The feed goes over 300 entries at a time, whoever may see them.
    const sparse = async (after: number): Promise<FeedPage> => {
      asked.push(after);
      const reached = Math.min(after + 300, 960);
      const items = FakeHub.feed.filter(({ position }) => position > after && position <= reached);
      return { items, next: reached < 960 ? String(reached) : null, position: reached };
    };
    const live = start({ readFeed: sparse });
    await settle();
    expect(asked).toEqual([0, 300, 600, 900]);
    expect(seen).toEqual([950]);
    expect(live.position()).toBe(960);
    expect(state()?.kind).toBe('live');
  });

  it('ends with a page that leads nowhere', async () => {
    start({ readFeed: async () => ({ items: [], next: '0', position: 0 }) });
    await settle();
    expect(state()?.kind).toBe('live');
  });

  it('resumes from the last position that it saw', async () => {
    const asked: number[] = [];
    start({
      readFeed: async (after) => {
        asked.push(after);
        return feedOf(after);
      },
    });
    await settle();
    FakeHub.last.push(7);
    FakeHub.last.drop();
    await settle();
    expect(asked).toEqual([0, 7]);
  });

  it('resumes from a heartbeat that was beyond the last entry', async () => {
    const asked: number[] = [];
    const live = start({
      readFeed: async (after) => {
        asked.push(after);
        return { items: [], next: null, position: after };
      },
    });
    await settle();
    FakeHub.last.say('Position', 40);
    expect(live.position()).toBe(40);
    FakeHub.last.drop();
    await settle();
    expect(asked).toEqual([0, 40]);
  });

  it('does not let a heartbeat skip what the feed has still to bring', async () => {
    missed(1, 2);
    let fail = true;
    const asked: number[] = [];
    start({
      readFeed: async (after) => {
        asked.push(after);
        if (fail) {
          fail = false;
          FakeHub.last.say('Position', 2);
          throw new Error('away');
        }
        return feedOf(after);
      },
    });
    await settle();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked.slice(0, 2)).toEqual([0, 0]);
    expect(seen).toEqual([1, 2]);
  });

  it('catches up when the server says that it was too slow', async () => {
    start();
    await settle();
    FakeHub.last.push(1);
    missed(2, 3, 4);
    FakeHub.last.say('CatchUp', 1);
    FakeHub.last.push(5);
    await settle();
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(FakeHub.made).toHaveLength(1);
  });

  it('finds what was skipped before a catch-up even when later ones had come', async () => {
    start();
    await settle();
    FakeHub.last.push(1);
    missed(2, 3);
    FakeHub.last.push(4);
    FakeHub.last.say('CatchUp', 1);
    await settle();
    expect([...seen].sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
  });

  it('loses nothing when the line drops in the middle of catching up', async () => {
    missed(...Array.from({ length: 30 }, (_, at) => at + 1));
    let pages = 0;
    start({
      readFeed: async (after) => {
        pages += 1;
        if (pages === 2) FakeHub.last.drop();
        return feedOf(after, 10);
      },
    });
    await settle();
    await vi.advanceTimersByTimeAsync(2000);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
  });

  it('survives many drops under a steady stream without a loss or a repeat', async () => {
    start();
    await settle();
    let position = 0;
    for (let round = 0; round < 40; round += 1) {
      for (let count = 0; count < 5; count += 1) {
        position += 1;
        if (round % 3 === 1 && count > 2) missed(position);
        else FakeHub.last.push(position);
      }
      if (round % 3 === 1) FakeHub.last.drop();
      await vi.advanceTimersByTimeAsync(1500);
    }
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seen).toEqual(Array.from({ length: position }, (_, at) => at + 1));
  });
});

describe('its state', () => {
  it('says as of when the data stands once heartbeats fail to come', async () => {
    start();
    await settle();
    await vi.advanceTimersByTimeAsync(10_000);
    FakeHub.last.say('Position', 1);
    FakeHub.refuse = 99;
    await vi.advanceTimersByTimeAsync(24_999);
    expect(state()?.kind).toBe('live');
    await vi.advanceTimersByTimeAsync(1);
    expect(state()).toEqual({ kind: 'reconnecting', asOf: Date.parse('2026-11-23T14:00:10Z') });
  });

  it('stays live as long as heartbeats come', async () => {
    start();
    await settle();
    for (let beat = 1; beat <= 20; beat += 1) {
      await vi.advanceTimersByTimeAsync(10_000);
      FakeHub.last.say('Position', beat);
    }
    expect(FakeHub.made).toHaveLength(1);
    expect(state()?.kind).toBe('live');
  });

  it('is reconnecting at once when the connection closes, and live again afterwards', async () => {
    start();
    await settle();
    FakeHub.last.drop();
    await settle();
    await settle();
    expect(kinds()).toEqual(['connecting', 'live', 'reconnecting', 'live']);
  });

  it('tries again for ever, later and later', async () => {
    FakeHub.refuse = 1000;
    start();
    await settle();
    const times: number[] = [];
    let known = 0;
    for (let second = 0; second <= 40; second += 1) {
      while (known < FakeHub.made.length) {
        times.push(second);
        known += 1;
      }
      await vi.advanceTimersByTimeAsync(1000);
    }
    // At once twice (first attempt and first retry), then after 1, 2, 5 and every 10 seconds.
    expect(times).toEqual([0, 0, 1, 3, 8, 18, 28, 38]);
  });

  it('starts again with short delays after it has been live', async () => {
    FakeHub.refuse = 5;
    start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(state()?.kind).toBe('live');
    const before = FakeHub.made.length;
    FakeHub.last.drop();
    await settle();
    expect(FakeHub.made).toHaveLength(before + 1);
  });

  it('tries at once when asked to', async () => {
    FakeHub.refuse = 5;
    const live = start();
    await vi.advanceTimersByTimeAsync(9000);
    const before = FakeHub.made.length;
    live.tryNow();
    await settle();
    expect(FakeHub.made).toHaveLength(before + 1);
    expect(state()?.kind).toBe('live');
  });

  it('adds jitter to a delay', async () => {
    FakeHub.refuse = 2;
    start({ jitter: () => 400 });
    await settle();
    await vi.advanceTimersByTimeAsync(1399);
    expect(FakeHub.made).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(FakeHub.made).toHaveLength(3);
  });

  it('is offline without a network and comes back with it', async () => {
    const live = start();
    await settle();
    online = false;
    live.networkChanged();
    await settle();
    expect(state()?.kind).toBe('offline');
    missed(1, 2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeHub.made).toHaveLength(1);
    online = true;
    live.networkChanged();
    await settle();
    expect(state()?.kind).toBe('live');
    expect(seen).toEqual([1, 2]);
  });
});

describe('its end', () => {
  it('ends when the session is over and does not come back', async () => {
    const out = vi.fn();
    const live = start({ onSignedOut: out });
    await settle();
    FakeHub.last.say('SignedOut');
    await live.ended;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(out).toHaveBeenCalledOnce();
    expect(FakeHub.made).toHaveLength(1);
  });

  it('stops with its signal and says nothing more', async () => {
    const live = start();
    await settle();
    const hub = FakeHub.last;
    stop.abort();
    await live.ended;
    hub.push(9);
    expect(seen).toEqual([]);
    expect(hub.stopped).toBe(true);
  });

  it('stops while it waits for the next attempt', async () => {
    FakeHub.refuse = 99;
    const live = start();
    await vi.advanceTimersByTimeAsync(9000);
    stop.abort();
    await live.ended;
    const made = FakeHub.made.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeHub.made).toHaveLength(made);
  });
});

describe('its topics', () => {
  it('follows a further topic now and after each reconnect', async () => {
    const live = start();
    await settle();
    live.follow('group/g');
    expect(FakeHub.last.calls.at(-1)).toEqual(['Follow', [['group/g']]]);
    FakeHub.last.drop();
    await settle();
    expect(FakeHub.last.calls[0]).toEqual(['Follow', [['all', 'group/g']]]);
    live.unfollow('group/g');
    expect(FakeHub.last.calls.at(-1)).toEqual(['Unfollow', [['group/g']]]);
  });

  it('passes on who is here and what came to the inbox', async () => {
    const here = vi.fn();
    const inbox = vi.fn();
    start({ onHere: here, onInbox: inbox });
    await settle();
    FakeHub.last.say('Here', { online: ['a'], groups: {} });
    FakeHub.last.say('Inbox', { position: 4, reason: 'request' });
    expect(here).toHaveBeenCalledWith({ online: ['a'], groups: {} });
    expect(inbox).toHaveBeenCalledWith({ position: 4, reason: 'request' });
  });
});

describe('the memory of what was emitted', () => {
  it('names a position new only once, also after it has forgotten the oldest', () => {
    const emitted = new Emitted(0);
    for (let position = 1; position <= 25_000; position += 1) expect(emitted.add(position)).toBe(true);
    expect(emitted.add(1)).toBe(false);
    expect(emitted.add(24_999)).toBe(false);
  });
});
