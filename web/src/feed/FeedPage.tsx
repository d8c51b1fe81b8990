import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { queries } from '../api/queries';
import { useSession, visitorOf } from '../api/session';
import { pillars } from '../api/types';
import { useTranslation } from '../i18n';
import { EntryLine } from '../parts/entry/EntryLine';
import { useFeed } from '../parts/entry/useFeed';
import { lastVisit, markVisit } from '../parts/entry/visit';
import { Empty, Loading, PageHead, Trouble } from '../ui/pieces';

const route = getRouteApi('/shell/feed');

export function FeedPage() {
  const { t } = useTranslation();
  const { topic } = route.useSearch();
  const navigate = useNavigate();
  const session = useSession();
  const { body } = session;
  const visitor = visitorOf(session);
  const groups = useQuery(queries.groups());
  const plans = useQuery(queries.plans());
  // New entries wait while the reader is further down; at the top they simply come.
  const feed = useFeed(topic ? [topic] : [], () => window.scrollY > 120);
  const [visit, setVisit] = useState(() => lastVisit(visitor));
  const newest = feed.entries[0]?.position;
  const divider = visit === null ? -1 : feed.entries.findIndex((entry) => entry.position <= visit);

  return (
    <div className="page narrow">
      <PageHead title={t('feed:title')}>
        {newest !== undefined && (visit === null || newest > visit) && (
          <button
            type="button"
            className="button"
            onClick={() => {
              markVisit(visitor, newest);
              setVisit(newest);
            }}
          >
            {t('desk:markRead')}
          </button>
        )}
      </PageHead>
      <div className="filters">
        <label>
          <span>{t('feed:about')}</span>
          <select
            value={topic ?? ''}
            onChange={(event) => void navigate({ to: '/feed', search: event.target.value ? { topic: event.target.value } : {} })}
          >
            <option value="">{t('feed:everything')}</option>
            {body && <option value={`body/${body.id}`}>{body.name}</option>}
            <optgroup label={t('feed:pillars')}>
              {pillars.map((pillar) => (
                <option key={pillar} value={`pillar/${pillar}`}>
                  {t(`words:pillar.${pillar}`)}
                </option>
              ))}
            </optgroup>
            <optgroup label={t('shell:place.groups')}>
              {(groups.data?.items ?? []).map((group) => (
                <option key={group.id} value={`group/${group.id}`}>
                  {group.name}
                </option>
              ))}
            </optgroup>
            <optgroup label={t('shell:place.plans')}>
              {(plans.data?.items ?? [])
                .filter((plan) => plan.milestones.total > 0 || topic === `plan/${plan.id}`)
                .map((plan) => (
                  <option key={plan.id} value={`plan/${plan.id}`}>
                    {plan.title}
                  </option>
                ))}
            </optgroup>
            {topic?.startsWith('state/') && <option value={topic}>{topic.slice('state/'.length)}</option>}
          </select>
        </label>
      </div>
      {feed.waiting.length > 0 && (
        <div className="new-pill-place">
          <button
            type="button"
            className="new-pill"
            data-testid="feed-new"
            onClick={() => {
              feed.show();
              window.scrollTo({ top: 0 });
            }}
          >
            {t('feed:new', { count: feed.waiting.length })}
          </button>
        </div>
      )}
      <Trouble error={feed.error} retry={feed.retry} />
      {feed.entries.length === 0 && !feed.error && (feed.loading ? <Loading lines={8} /> : <Empty title={t('feed:empty')} />)}
      {feed.entries.length > 0 && (
        <section className="card entries" role="feed" aria-busy={feed.loading} aria-label={t('feed:title')}>
          {feed.entries.map((entry, at) => (
            <Fragment key={entry.position}>
              {at === divider && at > 0 && (
                <p className="divider">
                  <span>{t('feed:since')}</span>
                </p>
              )}
              <EntryLine entry={entry} fresh={visit !== null && entry.position > visit} />
            </Fragment>
          ))}
        </section>
      )}
      {feed.more && (
        <button type="button" className="button" onClick={feed.more}>
          {t('feed:older')}
        </button>
      )}
    </div>
  );
}
