import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useBodyNames } from '../api/names';
import { queries } from '../api/queries';
import { useTranslation } from '../i18n';
import { MilestoneRow } from '../parts/milestone/MilestoneRow';
import { addDays, today } from '../ui/dates';
import { Empty, Loading, PageHead, Trouble } from '../ui/pieces';

const route = getRouteApi('/shell/milestones');
const shows = ['late', 'at-risk', 'soon', 'to-approve'] as const;

/** Milestones across plans: the lists behind the numbers on the desk. */
export function MilestonesPage() {
  const { t } = useTranslation();
  const nameOf = useBodyNames();
  const search = route.useSearch();
  const show = search.show ?? 'late';
  const filter =
    show === 'late'
      ? { overdue: true }
      : show === 'at-risk'
        ? { atRisk: true }
        : show === 'to-approve'
          ? { toApprove: true }
          : { dueAfter: addDays(today(), -1), dueBefore: addDays(today(), 31) };
  const { data, error, isPending, refetch } = useQuery(queries.milestones({ ...filter, body: search.body, pillar: search.pillar }));
  const items = (data?.items ?? []).filter((one) => show !== 'soon' || one.status === 'planned' || one.status === 'in-progress');
  return (
    <div className="page">
      <PageHead
        title={t(`plans:milestones.${show}`)}
        kicker={search.body ? t('plans:milestones.ofBody', { body: nameOf(search.body) }) : t('plans:milestones.everyones')}
      />
      <nav className="tabs" aria-label={t('plans:tabs')}>
        {shows.map((one) => (
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
      {search.body && (
        <p>
          <Link to="/milestones" search={{ show }}>
            {t('plans:milestones.showEveryones')}
          </Link>
        </p>
      )}
      <Trouble error={error} retry={() => void refetch()} />
      {isPending && <Loading />}
      {data &&
        (items.length === 0 ? (
          <Empty title={t('plans:milestones.none')} />
        ) : (
          <section className="card">
            <ul className="rows">
              {items.map((milestone) => (
                <MilestoneRow key={`${milestone.plan}/${milestone.id}`} milestone={milestone} showPlan />
              ))}
            </ul>
          </section>
        ))}
    </div>
  );
}
