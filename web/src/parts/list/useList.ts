import { type InfiniteData, type QueryKey, type UseInfiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import type { Page } from '../../api/types';

type Options<T> = UseInfiniteQueryOptions<Page<T>, Error, InfiniteData<Page<T>>, QueryKey, string | undefined>;

export interface List<T> {
  /** What has been read; undefined before the first page. */
  items: T[] | undefined;
  /** How many there are; what has been read where the platform does not say. */
  total: number;
  error: Error | null;
  /** What is shown is of the filter before. */
  isOld: boolean;
  hasMore: boolean;
  isReadingMore: boolean;
  more: () => void;
  again: () => void;
}

/** A list that is read page by page. An item that moved between two pages is shown once. */
export function useList<T>(options: Options<T>, keyOf: (item: T) => string): List<T> {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch, isPlaceholderData } = useInfiniteQuery(options);
  const items = data && [...new Map(data.pages.flatMap((page) => page.items).map((item) => [keyOf(item), item])).values()];
  return {
    items,
    total: data?.pages.at(-1)?.total ?? items?.length ?? 0,
    error,
    isOld: isPlaceholderData,
    hasMore: hasNextPage,
    isReadingMore: isFetchingNextPage,
    more: () => {
      if (!isFetchingNextPage) void fetchNextPage();
    },
    again: () => void refetch(),
  };
}
