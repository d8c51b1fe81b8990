import type { InfiniteData } from '@tanstack/react-query';
import type { Page } from '../api/types';
import { keepNewer } from './patch';

/** What is read of a list: one page, or several one after the other. */
export type Read<T> = Page<T> | InfiniteData<Page<T>, unknown>;

const isPages = (read: unknown): read is InfiniteData<Page<unknown>, unknown> =>
  typeof read === 'object' && read !== null && 'pages' in read && Array.isArray(read.pages);
const isPage = (read: unknown): read is Page<unknown> => typeof read === 'object' && read !== null && 'items' in read;

/** The same with each page changed, or the same object when none was. */
export function patchRead<T>(read: Read<T>, patch: (page: Page<T>) => Page<T>): Read<T> {
  if (!isPages(read)) return isPage(read) ? patch(read as Page<T>) : read;
  const pages = (read as InfiniteData<Page<T>, unknown>).pages.map(patch);
  return pages.every((page, at) => page === read.pages[at]) ? read : ({ ...read, pages } as Read<T>);
}

/** As `keepNewer`, over all pages: an item may have moved from one to another. */
export function keepNewerRead(old: unknown, fresh: unknown): unknown {
  if (!isPages(old) || !isPages(fresh)) return keepNewer(old, fresh);
  const before = { items: old.pages.flatMap((page) => page?.items ?? []) };
  return { ...fresh, pages: fresh.pages.map((page) => keepNewer(before, page)) };
}
