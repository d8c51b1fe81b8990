import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useBodyNames } from '../api/names';
import { queries, wholeList } from '../api/queries';
import { pillars } from '../api/types';
import { useTranslation } from '../i18n';
import { More, Shown } from '../parts/list/More';
import { SearchField } from '../parts/list/SearchField';
import { useList } from '../parts/list/useList';
import { milestonesShown, shownMilestones } from '../parts/milestone/lists';
import { MilestoneRow } from '../parts/milestone/MilestoneRow';
import { today } from '../ui/dates';
import { ExportButton } from '../ui/export';
import { Empty, Loading, PageHead, Trouble } from '../ui/pieces';
import { csvHead, milestoneRows } from './model';

const route = getRouteApi('/shell/milestones');
const sorts = ['due', '-due', 'title', 'body'] as const;

/** Milestones across plans: the lists behind the numbers on the desk. */
export function MilestonesPage() {
  const { t } = useTranslation();
  const nameOf = useBodyNames();
  const search = route.useSearch();
  const navigate = useNavigate();
  const show = search.show ?? 'late';
  const client = useQueryClient();
  const asked = { ...milestonesShown(show, search.body, today()), pillar: search.pillar, q: search.q, sort: search.sort };
  const list = useList(queries.milestones(asked), (milestone) => `${milestone.plan}/${milestone.id}`);
  async function rows(onRead: (count: number) => void, signal: AbortSignal) {
    const milestones = await wholeList.milestones(asked, onRead, signal);
    const leads = [...new Set(milestones.flatMap(({ lead }) => lead ?? []))].sort();
    const names = await client.fetchQuery(queries.bodyNames(leads));
    return milestoneRows(milestones, (id) => names[id] ?? id);
  }
  const set = (part: Partial<typeof search>) =>
    void navigate({
      to: '/milestones',
      search: Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value)),
      replace: true,
    });
  return (
    <div className="page">
      <PageHead
        title={t(`plans:milestones.${show}`)}
        kicker={search.body ? t('plans:milestones.ofBody', { body: nameOf(search.body) }) : t('plans:milestones.everyones')}
      >
        <ExportButton file={`milestones-${show}.csv`} head={csvHead(t)} rows={rows} testId="milestones-export" />
      </PageHead>
      <nav className="tabs" aria-label={t('plans:tabs')}>
        {shownMilestones.map((one) => (
          <Link
            key={one}
            to="/milestones"
            search={{ ...search, show: one }}
            className="tab"
            aria-current={one === show ? 'page' : undefined}
          >
            {t(`plans:milestones.${one}`)}
          </Link>
        ))}
      </nav>
      <div className="filters" role="search" aria-label={t('words:filter')}>
        <SearchField value={search.q} onChange={(q) => set({ q })} />
        <label>
          <span>{t('plans:pillar')}</span>
          <select value={search.pillar ?? ''} onChange={(event) => set({ pillar: pillars.find((one) => one === event.target.value) })}>
            <option value="">{t('words:any')}</option>
            {pillars.map((pillar) => (
              <option key={pillar} value={pillar}>
                {t(`words:pillar.${pillar}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('plans:sort.label')}</span>
          <select value={search.sort ?? 'due'} onChange={(event) => set({ sort: sorts.find((one) => one === event.target.value) })}>
            {sorts.map((sort) => (
              <option key={sort} value={sort}>
                {t(`plans:milestoneSort.${sort}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {search.body && (
        <p>
          <Link to="/milestones" search={{ ...search, body: undefined }}>
            {t('plans:milestones.showEveryones')}
          </Link>
        </p>
      )}
      <Trouble error={list.error} retry={list.again} />
      {!list.items && !list.error && <Loading />}
      {list.items && <Shown list={list} all={t('plans:milestones.count', { count: list.total })} />}
      {list.items &&
        (list.items.length === 0 ? (
          <Empty title={t('plans:milestones.none')} />
        ) : (
          <section className="card" aria-busy={list.isOld} aria-label={t(`plans:milestones.${show}`)}>
            <ul className="rows">
              {list.items.map((milestone) => (
                <MilestoneRow key={`${milestone.plan}/${milestone.id}`} milestone={milestone} showPlan />
              ))}
            </ul>
            <More list={list} />
          </section>
        ))}
    </div>
  );
}
