import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { queries } from '../api/queries';
import { type Found, searchKinds } from '../api/types';
import { useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { More, Shown } from '../parts/list/More';
import { hrefOf } from '../parts/list/model';
import { SearchField } from '../parts/list/SearchField';
import { useList } from '../parts/list/useList';
import { Empty, ExerciseTag, Loading, PageHead, Trouble } from '../ui/pieces';

const route = getRouteApi('/shell/search');

/** Everything that the words find and that one may see. */
export function SearchPage() {
  const { t } = useTranslation();
  const { q = '', kind } = route.useSearch();
  const navigate = useNavigate();
  const list = useList(
    { ...queries.search({ q, kind }), enabled: q.trim() !== '', staleTime: 0 },
    (one) => `${one.kind}/${one.plan ?? ''}/${one.id}`,
  );
  const set = (part: { q?: string; kind?: Found['kind'] | undefined }) =>
    void navigate({
      to: '/search',
      search: Object.fromEntries(Object.entries({ q, kind, ...part }).filter(([, value]) => value)),
      replace: true,
    });
  return (
    <div className="page narrow">
      <PageHead title={t('shell:searchTitle')} />
      <div className="filters" role="search" aria-label={t('shell:searchAll')}>
        <SearchField value={q} onChange={(now) => set({ q: now })} label={t('shell:searchWords')} testId="search-words" />
        <label>
          <span>{t('shell:searchKind')}</span>
          <select value={kind ?? ''} onChange={(event) => set({ kind: searchKinds.find((one) => one === event.target.value) })}>
            <option value="">{t('words:any')}</option>
            {searchKinds.map((one) => (
              <option key={one} value={one}>
                {t(`words:found.${one}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Trouble error={list.error} retry={list.again} />
      {q.trim() === '' ? (
        <Empty title={t('shell:searchNothing')} />
      ) : (
        <>
          {!list.items && !list.error && <Loading lines={6} />}
          {list.items && <Shown list={list} all={t('shell:foundCount', { count: list.total })} />}
          {list.items?.length === 0 && (
            <Empty title={t('words:nothingFound')}>
              {kind && (
                <button type="button" className="button" onClick={() => set({ kind: undefined })}>
                  {t('words:clearFilters')}
                </button>
              )}
            </Empty>
          )}
          {list.items && list.items.length > 0 && (
            <section className="card" aria-busy={list.isOld} aria-label={t('shell:searchTitle')}>
              <ul className="rows">
                {list.items.map((one) => (
                  <Row key={`${one.kind}/${one.plan ?? ''}/${one.id}`} found={one} />
                ))}
              </ul>
              <More list={list} />
            </section>
          )}
        </>
      )}
    </div>
  );
}

function Row({ found }: { found: Found }) {
  const { t } = useTranslation();
  return (
    <li className="row" data-found={found.kind} data-id={found.id}>
      <div className="row-main">
        <Link to={hrefOf(found)} className={isErased(found.title) ? 'row-title erased' : 'row-title'} dir="auto">
          {found.title}
        </Link>
        <p className="row-meta">
          <span>{t(`words:found.${found.kind}`)}</span>
          {found.code && <span dir="auto">{found.code}</span>}
          {found.bodyName && <span dir="auto">{found.bodyName}</span>}
        </p>
      </div>
      <div className="row-end">{found.exercise && <ExerciseTag />}</div>
    </li>
  );
}
