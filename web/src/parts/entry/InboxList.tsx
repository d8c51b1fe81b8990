import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../api/command';
import { commands } from '../../api/commands';
import { queries } from '../../api/queries';
import { useSession } from '../../api/session';
import { useTranslation } from '../../i18n';
import { Empty, Loading, Trouble } from '../../ui/pieces';
import { EntryLine } from './EntryLine';

/** Items that one page of the inbox holds; what is older still is in the feed. */
const atMost = 500;

/** What concerns one's own body, and why; read up to a mark. */
export function InboxList({ first, onward = false }: { first: number; onward?: boolean }) {
  const { t } = useTranslation();
  const [most, setMost] = useState(first);
  const { data, error, refetch, isPending, isPlaceholderData } = useQuery(queries.inbox(onward ? most : undefined));
  if (isPending) return <Loading lines={3} />;
  if (error) return <Trouble error={error} retry={() => void refetch()} focus={false} />;
  const items = data.items.slice(0, most);
  if (items.length === 0) return <Empty title={t('desk:inboxEmpty')} />;
  return (
    <>
      <ul className="inbox-list">
        {items.map((item) => (
          <li key={item.position} className={item.read ? 'inbox-item' : 'inbox-item inbox-unread'} data-position={item.position}>
            <span className="chip">{t(`desk:reason.${item.reason}`)}</span>
            <EntryLine entry={item.entry} exercise={false} />
            {item.entries > 1 && <p className="inbox-more">{t('desk:more', { count: item.entries - 1 })}</p>}
          </li>
        ))}
      </ul>
      {onward && data.next && most < atMost && (
        <div className="card-foot">
          <button
            type="button"
            className="button"
            disabled={isPlaceholderData}
            onClick={() => setMost(Math.min(most * 2, atMost))}
            data-testid="inbox-older"
          >
            {t('feed:older')}
          </button>
        </div>
      )}
    </>
  );
}

export function UnreadCount() {
  const { t } = useTranslation();
  const { data } = useQuery(queries.inbox());
  return (
    <span
      className={data && data.unread > 0 ? 'badge number' : 'badge badge-none number'}
      data-testid="inbox-unread"
      data-unread={data?.unread ?? 0}
    >
      {t('desk:unread', { count: data?.unread ?? 0 })}
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
