import type { Reset } from '../../api/types';

/**
 * What there is to do for whoever looks at another password that is (not yet) asked for: whoever asked makes the link once an
 * administrator has agreed, and takes it back before; others who are responsible take it back.
 */
export function stepOf(reset: Reset | null | undefined, viewer: string, administers: boolean): 'ask' | 'agree' | 'link' | 'drop' {
  if (!reset) return 'ask';
  // Whether it is time is for the platform's clock to say, and not for this one's.
  if (reset.by.id === viewer) return reset.from ? 'link' : 'drop';
  return reset.agreedBy || !administers ? 'drop' : 'agree';
}
