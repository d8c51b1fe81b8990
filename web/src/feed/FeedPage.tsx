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
import { useFound } from '../parts/list/useFound';
import { Combo } from '../ui/combo';
import { Empty, Loading, PageHead, Trouble } from '../ui/pieces';

const route = getRouteApi('/shell/feed');

/** Of one's own, that stand in the list to choose from; all others are found by typing. */
const offered = 50;

export function FeedPage() {
  const { t } = useTranslation();
  const { topic } = route.useSearch();
  const navigate = useNavigate();
  const session = useSession();
  const { body } = session;
  const visitor = visitorOf(session);
  const groups = useQuery(queries.firstGroups({}, offered));
  const plans = useQuery({ ...queries.firstPlans({ body: body?.id }, offered), enabled: body !== undefined && body !== null });
  // New entries wait while the reader is further down; at the top they simply come.
  const feed = useFeed(topic ? [topic] : [], () => window.scrollY > 120);
  const [visit, setVisit] = useState(() => lastVisit(visitor));
  const newest = feed.entries[0]?.position;
  const divider = visit === null ? -1 : feed.entries.findIndex((entry) => entry.position <= visit);

  const ownGroups = groups.data?.items.filter((group) => group.member || group.verbs.includes('join')) ?? [];
  const ownPlans = plans.data?.items ?? [];
  const offers =
    topic === `body/${body?.id}` ||
    topic?.startsWith('pillar/') ||
    ownGroups.some((group) => topic === `group/${group.id}`) ||
    ownPlans.some((plan) => topic === `plan/${plan.id}`);

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
              {ownGroups.map((group) => (
                <option key={group.id} value={`group/${group.id}`}>
                  {group.name}
                </option>
              ))}
            </optgroup>
            <optgroup label={t('shell:place.plans')}>
              {ownPlans.map((plan) => (
                <option key={plan.id} value={`plan/${plan.id}`}>
                  {plan.title}
                </option>
              ))}
            </optgroup>
            {topic && !offers && <TopicOption topic={topic} />}
          </select>
        </label>
        <TopicCombo onChoose={(chosen) => void navigate({ to: '/feed', search: { topic: chosen } })} />
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
      {feed.entries.length === 0 &&
        !feed.error &&
        (feed.loading ? <Loading lines={8} /> : <Empty title={t(feed.more ? 'feed:noneSoFar' : 'feed:empty')} />)}
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

/** A topic that stands nowhere else in the list, by its name. */
function TopicOption({ topic }: { topic: string }) {
  const [kind = '', id = ''] = topic.split('/');
  const known = kind === 'plan' || kind === 'group' || kind === 'body' ? kind : undefined;
  const { data } = useQuery({ ...queries.firstFound({ q: id, kind: known }, 20), enabled: known !== undefined });
  return <option value={topic}>{data?.items.find((one) => one.id === id)?.title ?? id}</option>;
}

/** Any plan, group or body that one may see, found by words. */
function TopicCombo({ onChoose }: { onChoose: (topic: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const found = useFound(typed, 20).filter((one) => one.kind === 'plan' || one.kind === 'group' || one.kind === 'body');
  return (
    <Combo
      name="topic"
      label={t('feed:other')}
      placeholder={t('feed:otherHint')}
      choices={found.map((one) => ({ ...one, id: `${one.kind}/${one.id}` }))}
      textOf={(one) => one.title}
      value={null}
      typed={typed}
      onType={setTyped}
      onChange={(topic) => {
        setTyped('');
        if (topic) onChoose(topic);
      }}
      testId="feed-topic"
    >
      {(one) => (
        <>
          <span dir="auto">{one.title}</span>
          <span className="hint">{[t(`words:found.${one.kind}`), one.bodyName].filter(Boolean).join(' · ')}</span>
        </>
      )}
    </Combo>
  );
}
