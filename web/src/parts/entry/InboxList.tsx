import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCommand } from '../../api/command';
import { commands } from '../../api/commands';
import { queries } from '../../api/queries';
import { useSession } from '../../api/session';
import type { InboxItem } from '../../api/types';
import { useTranslation } from '../../i18n';
import { Empty, Loading, Trouble } from '../../ui/pieces';
import { EntryLine } from './EntryLine';

/** What concerns one's own body, and why; read up to a mark. */
export function InboxList({ first, onward = false }: { first: number; onward?: boolean }) {
  return onward ? <Pages /> : <First most={first} />;
}

function First({ most }: { most: number }) {
  const { data, error, refetch, isPending } = useQuery(queries.inbox());
  if (isPending) return <Loading lines={3} />;
  if (error) return <Trouble error={error} retry={() => void refetch()} focus={false} />;
  return <Items items={data.items.slice(0, most)} />;
}

function Pages() {
  const { t } = useTranslation();
  const { data, error, refetch, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(queries.inboxPages());
  if (isPending) return <Loading lines={3} />;
  if (error && !data) return <Trouble error={error} retry={() => void refetch()} focus={false} />;
  // An item that another has come to moves to the front, and may be read twice.
  const items = [...new Map((data?.pages ?? []).flatMap((page) => page.items).map((item) => [item.position, item])).values()];
  return (
    <>
      <Items items={items} />
      <Trouble error={error} retry={() => void fetchNextPage()} focus={false} />
      {hasNextPage && (
        <div className="card-foot">
          <button
            type="button"
            className="button"
            aria-disabled={isFetchingNextPage}
            onClick={() => !isFetchingNextPage && void fetchNextPage()}
            data-testid="inbox-older"
          >
            {t('feed:older')}
          </button>
        </div>
      )}
    </>
  );
}

function Items({ items }: { items: InboxItem[] }) {
  const { t } = useTranslation();
  if (items.length === 0) return <Empty title={t('desk:inboxEmpty')} />;
  return (
    <ul className="inbox-list">
      {items.map((item) => (
        <li key={item.position} className={item.read ? 'inbox-item' : 'inbox-item inbox-unread'} data-position={item.position}>
          <span className="chip">{t(`desk:reason.${item.reason}`)}</span>
          <EntryLine entry={item.entry} exercise={false} />
          {item.entries > 1 && <p className="inbox-more">{t('desk:more', { count: item.entries - 1 })}</p>}
        </li>
      ))}
    </ul>
  );
}

export function UnreadCount() {
  const { t } = useTranslation();
  const { data } = useQuery(queries.inbox());
  if (!data) return null;
  return (
    <span className={data.unread > 0 ? 'badge number' : 'badge badge-none number'} data-testid="inbox-unread" data-unread={data.unread}>
      {t('desk:unread', { count: data.unread })}
    </span>
  );
}

export function ReadAll() {
  const { t } = useTranslation();
  const { role } = useSession();
  const client = useQueryClient();
  const { data } = useQuery(queries.inbox());
  const { busy, error, run, retry } = useCommand();
  const newest = data?.items[0]?.position;
  // One mark for the whole body: an observer does not set it.
  if (!data || data.unread === 0 || newest === undefined || role === 'observer') return null;
  return (
    <>
      <button
        type="button"
        className="button button-small button-quiet"
        data-testid="inbox-read"
        disabled={busy}
        onClick={() =>
          run(async (by) => {
            await commands.readInbox(newest, by);
            await client.invalidateQueries({ queryKey: ['inbox'] });
          })
        }
      >
        {t('desk:markRead')}
      </button>
      <Trouble error={error} retry={retry} />
    </>
  );
}
