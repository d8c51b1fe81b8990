import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import type { GroupView } from '../api/types';
import { useLocale, useTranslation } from '../i18n';
import { useFlash } from '../live/react';
import { More, Shown } from '../parts/list/More';
import { SearchField } from '../parts/list/SearchField';
import { useList } from '../parts/list/useList';
import { formatAgo } from '../ui/dates';
import { Cite, Empty, ExerciseTag, Loading, PageHead, Trouble } from '../ui/pieces';
import './groups.css';

const NewGroup = lazy(() => import('./GroupForms').then((module) => ({ default: module.NewGroup })));

const route = getRouteApi('/shell/groups');

export function GroupsPage() {
  const { t } = useTranslation();
  const session = useSession();
  const [forming, setForming] = useState(false);
  const search = route.useSearch();
  const navigate = useNavigate();
  const list = useList(queries.groups({ q: search.q }), (group) => group.id);
  return (
    <div className="page">
      <PageHead title={t('groups:title')}>
        {session.role === 'coordinator' && (
          <button type="button" className="button button-primary" onClick={() => setForming(true)} data-testid="new-group">
            {t('groups:new')}
          </button>
        )}
      </PageHead>
      {forming && (
        <Suspense>
          <NewGroup onClose={() => setForming(false)} />
        </Suspense>
      )}
      <div className="filters" role="search" aria-label={t('words:filter')}>
        <SearchField value={search.q} onChange={(q) => void navigate({ to: '/groups', search: q ? { q } : {}, replace: true })} />
      </div>
      <Trouble error={list.error} retry={list.again} />
      {!list.items && !list.error && <Loading />}
      {list.items && <Shown list={list} all={t('groups:count', { count: list.total })} />}
      {list.items?.length === 0 && (
        <Empty title={search.q ? t('groups:noneFound') : t('groups:none')}>
          {search.q && (
            <Link to="/groups" search={{}} className="button">
              {t('words:clearFilters')}
            </Link>
          )}
        </Empty>
      )}
      <ul className="plan-grid" aria-busy={list.isOld}>
        {list.items?.map((group) => (
          <GroupCard key={group.id} group={group} />
        ))}
      </ul>
      <More list={list} />
    </div>
  );
}

function GroupCard({ group }: { group: GroupView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const flash = useFlash(`group/${group.id}`);
  return (
    <li className={flash ? 'card flash' : 'card'} data-group={group.id}>
      <h2>
        <Link to="/groups/$id" params={{ id: group.id }} dir="auto">
          {group.name}
        </Link>
      </h2>
      <p className="row-meta">
        <span>{t('groups:members', { count: group.members.length })}</span>
        <span>{t('groups:updates', { count: group.updates })}</span>
        {group.latestAt && <span>{formatAgo(group.latestAt, locale)}</span>}
        {group.member && <span className="chip">{t('groups:yours')}</span>}
        {group.verbs.includes('join') && <span className="chip">{t('groups:invitedChip')}</span>}
        {group.exercise && <ExerciseTag />}
      </p>
      <p className="hint">{group.chair ? t('groups:chairIs', { name: group.chair.name }) : t('groups:noChair')}</p>
      <Cite source={group.source} />
    </li>
  );
}
