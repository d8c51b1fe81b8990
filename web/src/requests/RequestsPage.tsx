import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { queries, wholeList } from '../api/queries';
import { useSession } from '../api/session';
import { requestKinds, requestStatuses } from '../api/types';
import { useTranslation } from '../i18n';
import { More, Shown } from '../parts/list/More';
import { RegionField } from '../parts/list/RegionField';
import { SearchField } from '../parts/list/SearchField';
import { useList } from '../parts/list/useList';
import { RequestRow } from '../parts/request/RequestRow';
import { ExportButton } from '../ui/export';
import { Empty, Loading, PageHead, Trouble } from '../ui/pieces';
import { requestSorts, requestsHead, requestsRows } from './model';

const route = getRouteApi('/shell/requests');
const boxes = ['in', 'out', 'watching'] as const;

export function RequestsPage() {
  const { t } = useTranslation();
  const session = useSession();
  const search = route.useSearch();
  const navigate = useNavigate();
  const box = search.box ?? (session.body ? 'in' : 'watching');
  const asked = {
    // What waits for one is in no box: one waits for answers to one's own requests, too.
    ...(search.waiting ? { waiting: true } : { box }),
    status: search.status,
    kind: search.kind,
    region: search.region,
    open: search.open,
    q: search.q,
    sort: search.sort,
  };
  const list = useList(queries.requests(asked), (request) => request.id);
  const set = (part: Partial<typeof search>) =>
    void navigate({
      to: '/requests',
      search: Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value)),
      replace: true,
    });
  const filtered = Boolean(search.status || search.kind || search.region || search.open || search.q || search.waiting);
  return (
    <div className="page">
      <PageHead title={t('requests:title')}>
        <ExportButton
          file="requests.csv"
          head={requestsHead(t)}
          rows={async (onRead, signal) => requestsRows(await wholeList.requests(asked, onRead, signal))}
          testId="requests-export"
        />
        {session.role === 'coordinator' && (
          <Link to="/requests/new" search={{}} className="button button-primary" data-testid="request-new">
            {t('requests:new')}
          </Link>
        )}
      </PageHead>
      <nav className="tabs" aria-label={t('requests:boxes')}>
        {boxes.map((one) => (
          <Link
            key={one}
            to="/requests"
            search={{ ...search, box: one, waiting: undefined }}
            className="tab"
            aria-current={!search.waiting && one === box ? 'page' : undefined}
            data-testid={`box-${one}`}
          >
            {t(`requests:box.${one}`)}
          </Link>
        ))}
      </nav>
      <div className="filters" role="search" aria-label={t('words:filter')}>
        <SearchField value={search.q} onChange={(q) => set({ q })} />
        <label>
          <span>{t('requests:status')}</span>
          <select
            value={search.status ?? ''}
            onChange={(event) => set({ status: requestStatuses.find((one) => one === event.target.value) })}
          >
            <option value="">{t('words:any')}</option>
            {requestStatuses.map((status) => (
              <option key={status} value={status}>
                {t(`words:requestStatus.${status}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('requests:kind')}</span>
          <select value={search.kind ?? ''} onChange={(event) => set({ kind: requestKinds.find((one) => one === event.target.value) })}>
            <option value="">{t('words:any')}</option>
            {requestKinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`words:kind.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        <RegionField value={search.region} onChange={(region) => set({ region })} />
        <label>
          <span>{t('plans:sort.label')}</span>
          <select
            value={search.sort ?? '-opened'}
            onChange={(event) => set({ sort: requestSorts.find((one) => one === event.target.value) })}
          >
            {requestSorts.map((sort) => (
              <option key={sort} value={sort}>
                {t(`requests:sort.${sort}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={search.open === true}
            onChange={(event) => set({ open: event.target.checked ? true : undefined })}
          />
          <span>{t('requests:openOnly')}</span>
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={search.waiting === true}
            onChange={(event) => set({ waiting: event.target.checked ? true : undefined })}
          />
          <span>{t('requests:waitingOnly')}</span>
        </label>
      </div>
      <Trouble error={list.error} retry={list.again} />
      {!list.items && !list.error && <Loading />}
      {list.items && <Shown list={list} all={t('requests:count', { count: list.total })} />}
      {list.items &&
        (list.items.length === 0 ? (
          <Empty title={filtered ? t('requests:noneFiltered') : t(`requests:none.${box}`)}>
            {filtered ? (
              <Link to="/requests" search={{ box }} className="button">
                {t('words:clearFilters')}
              </Link>
            ) : (
              session.role === 'coordinator' && (
                <Link to="/requests/new" search={{}} className="button">
                  {t('requests:new')}
                </Link>
              )
            )}
          </Empty>
        ) : (
          <section className="card" aria-busy={list.isOld} aria-label={t(search.waiting ? 'requests:waitingOnly' : `requests:box.${box}`)}>
            <ul className="rows">
              {list.items.map((request) => (
                <RequestRow key={request.id} request={request} />
              ))}
            </ul>
            <More list={list} />
          </section>
        ))}
    </div>
  );
}
