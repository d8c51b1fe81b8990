import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { queries } from '../api/queries';
import { useTranslation } from '../i18n';
import { Cite, Empty, ExerciseTag, Loading, PageHead, StatusBar, Trouble } from '../ui/pieces';
import { classCounts, type PlanClass, planClasses, type StateOnMap, statesOnMap } from './model';
import type { Frame, Shown } from './WorldMap';
import './world.css';

const route = getRouteApi('/shell/world');
const frames: readonly Frame[] = ['world', 'africa', 'americas', 'asia', 'europe', 'oceania'];
const WorldMap = lazy(() => import('./WorldMap').then((module) => ({ default: module.WorldMap })));

export function WorldPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const bodies = useQuery(queries.states());
  const plans = useQuery(queries.everyPlan());
  const tab = search.tab ?? 'map';
  const frame = search.frame ?? 'world';
  const wanted = planClasses.find((one) => one === search.class);

  const all = useMemo(() => statesOnMap(bodies.data ?? [], plans.data ?? []), [bodies.data, plans.data]);
  const real = useMemo(() => all.filter((state) => !state.body.exercise), [all]);
  const exercise = all.filter((state) => state.body.exercise);
  const counts = classCounts(real);
  const listed = real.filter((state) => !wanted || state.class === wanted);
  const selected = all.find((state) => state.iso3 === search.state);
  const shapes = useMemo(
    () =>
      new Map<string, Shown>(
        real.map((state) => [
          state.iso3,
          { class: state.class, name: state.body.name, dimmed: wanted !== undefined && state.class !== wanted },
        ]),
      ),
    [real, wanted],
  );
  const select = useCallback(
    (iso3: string) =>
      void navigate({
        search: (before) => ({ ...before, state: before.state === iso3 ? undefined : iso3 }),
        resetScroll: false,
        replace: true,
      }),
    [navigate],
  );
  const error = bodies.error ?? plans.error;

  return (
    <div className="page page-wide">
      <PageHead title={t('world:title')} kicker={t('world:kicker')} />
      <nav className="tabs" aria-label={t('world:tabs')}>
        {(['map', 'table'] as const).map((one) => (
          <Link
            key={one}
            to="/world"
            search={{ ...search, tab: one === 'map' ? undefined : one }}
            className="tab"
            activeOptions={{ explicitUndefined: true }}
            aria-current={tab === one ? 'page' : undefined}
          >
            {t(`world:tab.${one}`)}
          </Link>
        ))}
      </nav>
      <Trouble error={error} retry={() => void Promise.all([bodies.refetch(), plans.refetch()])} />
      <ul className="world-legend" aria-label={t('world:legend')}>
        {planClasses.map((one) => (
          <li key={one}>
            <button
              type="button"
              className="legend-button"
              aria-pressed={wanted === one}
              data-class={one}
              onClick={() =>
                void navigate({ search: { ...search, class: wanted === one ? undefined : one }, replace: true, resetScroll: false })
              }
            >
              <Swatch kind={one} />
              {t(`world:class.${one}`)} <span className="number legend-count">{counts[one]}</span>
            </button>
          </li>
        ))}
      </ul>
      {tab === 'map' ? (
        <div className="world">
          <div className="world-main">
            <figure className="card world-figure">
              <div className="segmented world-frames" role="group" aria-label={t('world:frames')}>
                {frames.map((one) => (
                  <button
                    key={one}
                    type="button"
                    aria-pressed={frame === one}
                    onClick={() =>
                      void navigate({ search: { ...search, frame: one === 'world' ? undefined : one }, replace: true, resetScroll: false })
                    }
                  >
                    {t(`world:frame.${one}`)}
                  </button>
                ))}
              </div>
              <Suspense fallback={<div className="world-space" />}>
                <WorldMap states={shapes} selected={selected?.iso3} frame={frame} onSelect={select} />
              </Suspense>
              <figcaption className="hint">
                {t('world:disclaimer')} {t('world:source')}
              </figcaption>
            </figure>
            {exercise.length > 0 && (
              <section className="card" aria-labelledby="exercise-states">
                <h2 id="exercise-states">{t('world:exerciseStates')}</h2>
                <ul className="rows">
                  {exercise.map((state) => (
                    <li key={state.iso3} className="row">
                      <div className="row-main">
                        <button type="button" className="link-button row-title" onClick={() => select(state.iso3)}>
                          {state.body.name}
                        </button>
                        {state.plan && <StatusBar counts={state.plan.milestones} label={state.plan.title} />}
                      </div>
                      <div className="row-end">
                        <ExerciseTag />
                      </div>
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </div>
          <div className="world-side">
            {selected && <Panel state={selected} onClose={() => select(selected.iso3)} />}
            <section className="card world-list" aria-labelledby="states">
              <h2 id="states">{t('world:states', { count: listed.length })}</h2>
              {bodies.isPending && <Loading />}
              {bodies.data && listed.length === 0 && <Empty title={t('world:noStates')} />}
              <ul>
                {listed.map((state) => (
                  <li key={state.iso3}>
                    <button
                      type="button"
                      className="state-button"
                      aria-pressed={state.iso3 === search.state}
                      onClick={() => select(state.iso3)}
                      data-state={state.iso3}
                    >
                      <Swatch kind={state.class} />
                      <span dir="auto">{state.body.name}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          </div>
        </div>
      ) : (
        <Table states={[...listed, ...(wanted ? [] : exercise)]} />
      )}
    </div>
  );
}

function Swatch({ kind }: { kind: PlanClass }) {
  return (
    <svg className="swatch" width="18" height="14" viewBox="0 0 18 14" aria-hidden="true">
      <rect x="0.5" y="0.5" width="17" height="13" rx="2" className={`land land-${kind}`} />
      {kind === 'preparing' && <path d="M1 10 8 1 M5 13 14 1 M11 13 17 5" className="swatch-hatch" />}
    </svg>
  );
}

function Panel({ state, onClose }: { state: StateOnMap; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <section className="card world-panel" aria-labelledby="state-name" data-testid="world-panel" data-state={state.iso3}>
      <div className="card-head">
        <h2 id="state-name" dir="auto">
          {state.body.name}
        </h2>
        <button type="button" className="button button-quiet button-small" onClick={onClose}>
          {t('words:close')}
        </button>
      </div>
      <p className="world-class">
        <Swatch kind={state.class} /> <strong>{t(`world:class.${state.class}`)}</strong>
      </p>
      <p>{t(`world:explain.${state.class}`)}</p>
      {state.body.exercise ? (
        <ExerciseTag />
      ) : state.sources.length > 0 ? (
        <ul className="sources">
          {state.sources.map((source) => (
            <li key={source.document + source.paragraphs.join()}>
              <Cite source={source} />
            </li>
          ))}
        </ul>
      ) : (
        <p className="hint">{t('world:noParagraph')}</p>
      )}
      {state.plan?.note && (
        <p className="hint" dir="auto">
          {state.plan.note}
        </p>
      )}
      <div className="actions">
        {state.plan && (
          <Link to="/plans/$id" params={{ id: state.plan.id }} search={{}} className="button button-primary">
            {t('world:openPlan')}
          </Link>
        )}
        <Link to="/bodies/$id" params={{ id: state.body.id }} className="button">
          {t('world:openState')}
        </Link>
      </div>
    </section>
  );
}

function Table({ states }: { states: StateOnMap[] }) {
  const { t } = useTranslation();
  return (
    <section className="card">
      <div className="table-scroll" tabIndex={0} role="group" aria-label={t('world:tab.table')}>
        <table className="data">
          <thead>
            <tr>
              <th scope="col">{t('world:column.state')}</th>
              <th scope="col">{t('world:column.region')}</th>
              <th scope="col">{t('world:column.plan')}</th>
              <th scope="col">{t('world:column.source')}</th>
            </tr>
          </thead>
          <tbody>
            {states.map((state) => (
              <tr key={state.iso3} data-state={state.iso3}>
                <th scope="row">
                  <Link to="/bodies/$id" params={{ id: state.body.id }} dir="auto">
                    {state.body.name}
                  </Link>{' '}
                  {state.body.exercise && <ExerciseTag />}
                </th>
                <td>{state.body.subregion ?? state.body.region ?? t('words:notStated')}</td>
                <td>
                  <span className="world-class">
                    <Swatch kind={state.class} /> {t(`world:class.${state.class}`)}
                  </span>
                </td>
                <td>
                  {state.sources.map((source) => (
                    <Cite key={source.paragraphs.join()} source={source} />
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="hint">{t('world:source')}</p>
    </section>
  );
}
