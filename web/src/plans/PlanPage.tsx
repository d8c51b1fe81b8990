import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { queries } from '../api/queries';
import type { PlanHead } from '../api/types';
import { useLocale, useTranslation } from '../i18n';
import { useFollow } from '../live/react';
import { EntryLine } from '../parts/entry/EntryLine';
import { useFeed } from '../parts/entry/useFeed';
import { Waiting } from '../parts/page/Waiting';
import { iterationIn } from '../parts/plan/model';
import { csv, download } from '../ui/csv';
import { formatPartial } from '../ui/dates';
import { Cite, Empty, ExerciseBanner, ExerciseTag, Loading, PageHead, Trouble } from '../ui/pieces';
import { MilestonePanel } from './MilestonePanel';
import { csvHead, csvRows } from './model';
import { Overview } from './Overview';
import { AddMeasure, ChangeStatus } from './PlanForms';
import { PlanTimeline } from './PlanTimeline';
import { readWhole } from './whole';
import './plans.css';

const route = getRouteApi('/shell/plans/$id');
const tabs = ['overview', 'timeline', 'changes'] as const;

export function PlanPage() {
  const { id } = route.useParams();
  const { data: plan, error, refetch } = useQuery(queries.plan(id));
  useFollow(`plan/${id}`);
  if (!plan) return <Waiting error={error} retry={refetch} />;
  return <Plan plan={plan} />;
}

function Plan({ plan }: { plan: PlanHead }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const search = route.useSearch();
  const navigate = useNavigate();
  const whole = useOnPaper();
  const [reading, setReading] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [form, setForm] = useState<'status' | 'measure' | null>(null);
  const tab = search.tab ?? 'overview';
  const go = (part: Partial<typeof search>) =>
    void navigate({
      to: '/plans/$id',
      params: { id: plan.id },
      search: Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value)),
      resetScroll: false,
    });
  const select = (milestone: string) => go({ m: milestone });

  /** Most of a large plan is not read until somebody wants all of it. */
  async function withAll(then: (measures: Awaited<ReturnType<typeof readWhole>>) => void) {
    setReading(true);
    setTrouble(null);
    try {
      then(await readWhole(client, plan));
    } catch (problem) {
      setTrouble(problem);
    } finally {
      setReading(false);
    }
  }
  const save = () =>
    void withAll((measures) => download(`${plan.id}-milestones.csv`, csv([csvHead(t), ...csvRows(measures, search.show)])));

  return (
    <div className="page">
      {plan.exercise && <ExerciseBanner />}
      <PageHead
        title={plan.title}
        kicker={
          <Link to="/bodies/$id" params={{ id: plan.body }} dir="auto">
            {plan.bodyName}
          </Link>
        }
        tags={plan.exercise && <ExerciseTag />}
      >
        {plan.verbs.includes('change-status') && (
          <button type="button" className="button" onClick={() => setForm('status')}>
            {t('plans:changeStatus')}
          </button>
        )}
        {plan.verbs.includes('add-measure') && (
          <button type="button" className="button" onClick={() => setForm('measure')} data-testid="add-measure">
            {t('plans:addMeasure')}
          </button>
        )}
        <button type="button" className="button" disabled={reading} onClick={save} data-testid="export-csv">
          {t('plans:export')}
        </button>
        <button type="button" className="button" disabled={reading} onClick={() => void withAll(() => window.print())} data-testid="print">
          {t('plans:print')}
        </button>
      </PageHead>
      <Trouble error={trouble} />
      {reading && <p role="status">{t('plans:reading')}</p>}
      <p className="row-meta plan-facts">
        <span className={`chip plan-${plan.status}`}>{t(`words:planStatus.${plan.status}`)}</span>
        <span>{plan.iteration ? iterationIn(t, plan.iteration) : t('plans:iterationNotStated')}</span>
        <span className="number">
          {plan.period
            ? `${plan.period.from ? formatPartial(plan.period.from, locale) : '…'} – ${plan.period.to ? formatPartial(plan.period.to, locale) : '…'}`
            : t('plans:periodNotStated')}
        </span>
        <span>{t(`words:mark.${plan.mark}`)}</span>
        <Cite source={plan.source} />
      </p>
      {plan.note && <p dir="auto">{plan.note}</p>}
      <nav className="tabs" aria-label={t('plans:tabs')}>
        {tabs.map((one) => (
          <Link
            key={one}
            to="/plans/$id"
            params={{ id: plan.id }}
            search={{ ...search, tab: one === 'overview' ? undefined : one }}
            activeOptions={{ explicitUndefined: true }}
            aria-current={tab === one ? 'page' : undefined}
            className="tab"
            resetScroll={false}
            data-testid={`tab-${one}`}
          >
            {t(`plans:tab.${one}`)}
          </Link>
        ))}
      </nav>
      {tab === 'overview' && <Overview plan={plan} show={search.show} selected={search.m} whole={whole} onShow={(show) => go({ show })} />}
      {tab === 'timeline' && (
        <PlanTimeline plan={plan} zoom={search.zoom ?? 'quarter'} whole={whole} onZoom={(zoom) => go({ zoom })} onSelect={select} />
      )}
      {tab === 'changes' && <Changes topic={`plan/${plan.id}`} />}
      {search.m && (
        <MilestonePanel
          key={search.m}
          plan={plan}
          id={search.m}
          reportAtOnce={search.update === true}
          onClose={() => go({ m: undefined, update: undefined })}
        />
      )}
      {form === 'status' && <ChangeStatus plan={plan} onClose={() => setForm(null)} />}
      {form === 'measure' && <AddMeasure plan={plan} onClose={() => setForm(null)} />}
    </div>
  );
}

/** Whether the page is being printed: then all of it that was read stands there, and not only what is near to the screen. */
function useOnPaper(): boolean {
  const [paper, setPaper] = useState(false);
  useEffect(() => {
    // The browser takes the page as it stands when the listener ends.
    const on = () => flushSync(() => setPaper(true));
    const off = () => setPaper(false);
    window.addEventListener('beforeprint', on);
    window.addEventListener('afterprint', off);
    return () => {
      window.removeEventListener('beforeprint', on);
      window.removeEventListener('afterprint', off);
    };
  }, []);
  return paper;
}

function Changes({ topic }: { topic: string }) {
  const { t } = useTranslation();
  const feed = useFeed([topic]);
  return (
    <>
      <Trouble error={feed.error} retry={feed.retry} />
      {feed.entries.length === 0 &&
        !feed.error &&
        (feed.loading ? <Loading /> : <Empty title={t(feed.more ? 'feed:noneSoFar' : 'feed:empty')} />)}
      {feed.entries.length > 0 && (
        <section className="card entries" role="feed" aria-busy={feed.loading} aria-label={t('plans:tab.changes')}>
          {feed.entries.map((entry) => (
            <EntryLine key={entry.position} entry={entry} exercise={false} />
          ))}
        </section>
      )}
      {feed.more && (
        <button type="button" className="button" onClick={feed.more}>
          {t('feed:older')}
        </button>
      )}
    </>
  );
}
