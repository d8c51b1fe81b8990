import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import type { GroupView } from '../api/types';
import { useLocale, useTranslation } from '../i18n';
import { useFlash } from '../live/react';
import { formatAgo } from '../ui/dates';
import { Cite, Empty, ExerciseTag, Loading, PageHead, Trouble } from '../ui/pieces';
import './groups.css';

const NewGroup = lazy(() => import('./GroupForms').then((module) => ({ default: module.NewGroup })));

/** Where one is asked comes first, then where one belongs. */
const rank = (group: GroupView) => (group.verbs.includes('join') ? 2 : Number(group.member));

export function GroupsPage() {
  const { t } = useTranslation();
  const session = useSession();
  const [forming, setForming] = useState(false);
  const { data, error, isPending, refetch } = useQuery(queries.groups());
  const groups = [...(data?.items ?? [])].sort(
    (a, b) => rank(b) - rank(a) || (b.latestAt ?? '').localeCompare(a.latestAt ?? '') || a.name.localeCompare(b.name),
  );
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
      <Trouble error={error} retry={() => void refetch()} />
      {isPending && <Loading />}
      {data && groups.length === 0 && <Empty title={t('groups:none')} />}
      <ul className="plan-grid">
        {groups.map((group) => (
          <GroupCard key={group.id} group={group} />
        ))}
      </ul>
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
