import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { mostAtOnce } from '../api/queries';
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

/** Milliseconds that the platform is left alone after each call that a long list took. */
const afterCall = 1000;

/**
 * Reads anew what lies under a key. A list that somebody has scrolled far down is not read page by page again, but whole in as few calls as can be; and
 * the longer it is, the longer it takes until this resolves.
 */
export async function readAgain(client: QueryClient, queryKey: readonly unknown[]): Promise<void> {
  let calls = 1;
  for (const query of client.getQueryCache().findAll({ queryKey, type: 'active' })) {
    const data: unknown = query.state.data;
    if (query.meta?.isList !== true || !isPages(data)) continue;
    const items = data.pages.flatMap((page) => page.items);
    calls = Math.max(calls, Math.ceil(items.length / mostAtOnce));
    const last = data.pages.at(-1);
    if (data.pages.length > 1 && last)
      client.setQueryData(
        query.queryKey,
        { pages: [{ ...last, items }], pageParams: data.pageParams.slice(0, 1) },
        { updatedAt: query.state.dataUpdatedAt },
      );
  }
  await client.invalidateQueries({ queryKey });
  await new Promise((resolve) => setTimeout(resolve, (calls - 1) * afterCall));
}
