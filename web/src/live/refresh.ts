import type { Key } from './affected';

/** Reads of many pages, or many items: seconds old they still say what there is, and how it stands is told with each change. */
const slow: Partial<Record<string, number>> = {
  every: 10_000,
  search: 5000,
  milestones: 1000,
  plans: 1000,
  bodies: 1000,
  requests: 1000,
  groups: 1000,
  updates: 1000,
};

/**
 * Milliseconds that lie at least between two reads of the same. Counts of a plan may be a second old in a burst, the number of reports that wait on
 * measures two, and lists a second and more; everything else is read as soon as it can be.
 */
function minimumOf([kind, , part]: Key): number {
  if (kind !== 'plan') return slow[String(kind)] ?? 150;
  if (part === 'measures') return 2000;
  return part === undefined || part === 'head' || part === 'milestones' ? 1000 : 150;
}

/**
 * Reads again what changes made old: at once when it was quiet, and in a burst never more than one read of a key at a time.
 * `again` must resolve when the read has ended. `minimum` milliseconds lie between two reads of the same key.
 */
export class Refresher {
  readonly #running = new Map<string, { dirty: boolean }>();
  readonly #again: (key: Key) => Promise<unknown>;
  readonly #minimum: (key: Key) => number;

  constructor(again: (key: Key) => Promise<unknown>, minimum: (key: Key) => number = minimumOf) {
    this.#again = again;
    this.#minimum = minimum;
  }

  refresh(keys: readonly Key[]): void {
    for (const key of keys) {
      const hash = JSON.stringify(key);
      const running = this.#running.get(hash);
      if (running) running.dirty = true;
      else void this.#run(hash, key);
    }
  }

  async #run(hash: string, key: Key): Promise<void> {
    const state = { dirty: false };
    this.#running.set(hash, state);
    do {
      state.dirty = false;
      await Promise.all([this.#again(key).catch(() => undefined), new Promise((resolve) => setTimeout(resolve, this.#minimum(key)))]);
    } while (state.dirty);
    this.#running.delete(hash);
  }
}

/**
 * Gathers what arrives until the next frame, so that a burst is one repaint; what comes after a pause is handled at once. In a
 * hidden window frames rest, so a timer helps.
 */
export function perFrame<T>(handle: (batch: T[]) => void): (items: readonly T[]) => void {
  let waiting: T[] = [];
  let scheduled = false;
  let last = 0;
  const flush = () => {
    if (!scheduled) return;
    scheduled = false;
    last = Date.now();
    const batch = waiting;
    waiting = [];
    handle(batch);
  };
  return (items) => {
    waiting.push(...items);
    if (scheduled) return;
    scheduled = true;
    if (Date.now() - last > 50) {
      queueMicrotask(flush);
      return;
    }
    requestAnimationFrame(flush);
    setTimeout(flush, 40);
  };
}
