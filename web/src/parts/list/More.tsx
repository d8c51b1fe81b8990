import { useEffect, useRef } from 'react';
import { useLocale, useTranslation } from '../../i18n';
import type { List } from './useList';

/** How many of them are shown, in words: "50 of 1,203". */
export function Shown({ list, all, id }: { list: List<unknown>; all: string; id?: string }) {
  const { t } = useTranslation();
  const format = new Intl.NumberFormat(useLocale()).format;
  const shown = list.items?.length ?? 0;
  return (
    <p className="count" role="status" {...(id ? { id, tabIndex: -1 } : {})} data-testid="shown" data-total={list.total}>
      {list.hasMore ? t('words:list.shown', { shown: format(shown), total: format(list.total) }) : all}
    </p>
  );
}

/** Reads on as its reader comes near, and when it is pressed. Nothing once all is there. */
export function More({ list, testId }: { list: List<unknown>; testId?: string }) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const more = useRef(list.more);
  useEffect(() => {
    more.current = list.more;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: watched anew after each page, which may end within what is seen
  useEffect(() => {
    if (!list.hasMore || !button.current || typeof IntersectionObserver === 'undefined') return;
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && more.current(), { rootMargin: '400px' });
    watch.observe(button.current);
    return () => watch.disconnect();
  }, [list.hasMore, list.items?.length]);
  if (!list.hasMore) return null;
  return (
    <div className="card-foot">
      <button
        ref={button}
        type="button"
        className="button"
        aria-disabled={list.isReadingMore}
        onClick={list.more}
        data-testid={testId ?? 'list-more'}
      >
        {list.isReadingMore ? t('words:loading') : t('words:list.more')}
      </button>
    </div>
  );
}
