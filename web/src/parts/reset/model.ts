import type { Reset } from '../../api/types';

/**
 * What there is to do for whoever looks at another password that is (not yet) asked for: whoever asked makes the link when it is time, and
 * takes it back before; anybody else who is responsible agrees, and takes it back once somebody has.
 */
export function stepOf(reset: Reset | null | undefined, viewer: string, now: number): 'ask' | 'agree' | 'link' | 'drop' {
  if (!reset) return 'ask';
  if (reset.by.id === viewer) return reset.from && Date.parse(reset.from) <= now ? 'link' : 'drop';
  return reset.agreedBy ? 'drop' : 'agree';
}
