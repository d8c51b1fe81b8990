import type { Found as FoundThing } from '../api/types';
import { finds, queryOf } from '../i18n/fold';

export interface Found {
  id: string;
  group: 'page' | FoundThing['kind'];
  title: string;
  hint?: string;
  href: string;
}

/** Pages by the words of their names; all of them when there are no words. */
export function find(pages: readonly Found[], query: string): Found[] {
  const words = queryOf(query);
  return pages.filter((page) => finds(words, page.title));
}
