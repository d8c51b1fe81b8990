import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession, visitorOf } from '../api/session';
import { useTranslation } from '../i18n';
import { EntryLine } from '../parts/entry/EntryLine';
import { useFeed } from '../parts/entry/useFeed';
import { lastVisit, markVisit } from '../parts/entry/visit';
import { Empty, Loading, Trouble } from '../ui/pieces';

const shown = 6;

/** What the others did since this account last marked the feed as read. */
export function SinceCard() {
  const { t } = useTranslation();
  const visitor = visitorOf(useSession());
  const feed = useFeed([], undefined, 30);
  const [visit, setVisit] = useState(() => lastVisit(visitor));
  const fresh = feed.entries.filter((entry) => visit === null || entry.position > visit);
  const newest = feed.entries[0]?.position;
  // Older ones that are not read may be new to this account as well.
  const isCounted = fresh.length < feed.entries.length || feed.more === null;
  return (
    <section className="card" aria-labelledby="since">
      <div className="card-head">
        <h2 id="since">{t('desk:since')}</h2>
        {fresh.length > 0 && newest !== undefined && (
          <button
            type="button"
            className="button button-small button-quiet"
            onClick={() => {
              markVisit(visitor, newest);
              setVisit(newest);
            }}
          >
            {t('desk:markRead')}
          </button>
        )}
      </div>
      <Trouble error={feed.error} retry={feed.retry} focus={false} />
      {feed.loading && feed.entries.length === 0 ? (
        <Loading lines={3} />
      ) : fresh.length === 0 ? (
        <Empty title={t(feed.entries.length === 0 && feed.more ? 'feed:noneSoFar' : 'desk:nothingNew')} />
      ) : (
        <div className="entries">
          {fresh.slice(0, shown).map((entry) => (
            <EntryLine key={entry.position} entry={entry} />
          ))}
        </div>
      )}
      <p className="card-foot">
        <Link to="/feed" search={{}}>
          {fresh.length > shown && isCounted ? t('desk:more', { count: fresh.length - shown }) : t('desk:wholeFeed')}
        </Link>
      </p>
    </section>
  );
}
