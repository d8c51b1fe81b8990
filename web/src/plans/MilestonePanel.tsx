import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Sender, useCommand } from '../api/command';
import { commands } from '../api/commands';
import { useBodyNames } from '../api/names';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import type { MilestoneView, Page, PlanHead, ReportView } from '../api/types';
import { useLocale, useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { DueText } from '../parts/milestone/DueText';
import { webAddress } from '../parts/milestone/model';
import { ReportDialog } from '../parts/milestone/ReportDialog';
import { Conflict, sendForMilestone } from '../parts/milestone/send';
import { PersonName } from '../parts/person/PersonName';
import { addDays, formatDay, formatMoment } from '../ui/dates';
import { Dialog } from '../ui/dialog';
import { errorFor, Field, Loading, Trouble } from '../ui/pieces';
import { StatusMark, shownStatus } from '../ui/status';

/** The milestone that is open, with its reports, which are read while it is. */
export function MilestonePanel({
  plan,
  id,
  reportAtOnce,
  onClose,
}: {
  plan: PlanHead;
  id: string;
  reportAtOnce: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    ...queries.milestone(plan.id, id),
    // What the page shows of it already is there at once.
    placeholderData: () =>
      client
        .getQueriesData<Page<MilestoneView>>({ queryKey: ['plan', plan.id, 'milestones'] })
        .flatMap(([, page]) => page?.items ?? [])
        .find((one) => one.id === id),
  });
  if (data) return <Panel plan={plan} milestone={data} reportAtOnce={reportAtOnce} onClose={onClose} />;
  return (
    <Dialog title={t('milestones:one')} onClose={onClose} side>
      <div className="dialog-body stack">{error ? <Trouble error={error} retry={() => void refetch()} /> : <Loading />}</div>
    </Dialog>
  );
}

function Panel({
  plan,
  milestone,
  reportAtOnce,
  onClose,
}: {
  plan: PlanHead;
  milestone: MilestoneView;
  reportAtOnce: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const session = useSession();
  const nameOf = useBodyNames();
  const [mode, setMode] = useState<'read' | 'report' | 'move'>(reportAtOnce && milestone.verbs.includes('report') ? 'report' : 'read');
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(queries.reports(plan.id, milestone.id));
  const reports = data?.pages.flatMap((page) => page.items);
  if (mode === 'report')
    return (
      <ReportDialog
        milestone={milestone}
        approves={session.role === 'coordinator' && session.body?.id === milestone.body}
        onClose={() => setMode('read')}
      />
    );
  return (
    <Dialog title={milestone.title} onClose={onClose} side>
      <div className="dialog-body stack" data-testid="milestone-panel" data-milestone={milestone.id} data-status={milestone.status}>
        <p className="row-meta">
          <StatusMark status={shownStatus(milestone)} />
          <span className="number">{milestone.progress}%</span>
        </p>
        <dl className="facts">
          <div>
            <dt>{t('milestones:dueDate')}</dt>
            <dd>
              <DueText milestone={milestone} now={plan.today} />
            </dd>
          </div>
          <div>
            <dt>{t('milestones:firstAgreed')}</dt>
            <dd className="number">{formatDay(milestone.baseline, locale)}</dd>
          </div>
          <div>
            <dt>{t('milestones:measure')}</dt>
            <dd className={isErased(milestone.measureTitle) ? 'erased' : undefined} dir="auto">
              {milestone.measureTitle}
            </dd>
          </div>
          <div>
            <dt>{t('plans:lead')}</dt>
            <dd dir="auto">{milestone.lead ? nameOf(milestone.lead) : t('plans:leadNotStated')}</dd>
          </div>
        </dl>
        {mode === 'move' ? (
          <Move milestone={milestone} onDone={() => setMode('read')} />
        ) : (
          <div className="actions">
            {milestone.verbs.includes('report') && (
              <button type="button" className="button button-primary" data-testid="panel-update" onClick={() => setMode('report')}>
                {t('milestones:update')}
              </button>
            )}
            {milestone.verbs.includes('reschedule') && (
              <button type="button" className="button" data-testid="milestone-move" onClick={() => setMode('move')}>
                {t('milestones:move')}
              </button>
            )}
          </div>
        )}
        <h3>{t('milestones:reports')}</h3>
        <Trouble error={error} retry={() => void refetch()} focus={false} />
        {!reports && !error && <Loading lines={2} />}
        {reports?.length === 0 && <p className="hint">{t('milestones:noReports')}</p>}
        {reports && reports.length > 0 && (
          <ol className="reports">
            {reports.map((report) => (
              <Report key={report.id} milestone={milestone} report={report} />
            ))}
          </ol>
        )}
        {hasNextPage && (
          <button type="button" className="button button-small" disabled={isFetching} onClick={() => void fetchNextPage()}>
            {t('feed:older')}
          </button>
        )}
      </div>
    </Dialog>
  );
}

function Report({ milestone, report }: { milestone: MilestoneView; report: ReportView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const nameOf = useBodyNames();
  const [reason, setReason] = useState<string | null>(null);
  const { busy, error, run, retry } = useCommand();

  const act = (send: (version: number, by: Sender) => Promise<unknown>) =>
    run(async (by) => {
      await sendForMilestone(client, milestone, (version) => send(version, by), report);
      setReason(null);
    });
  const giveBack = () => {
    const words = reason?.trim();
    if (words) act((version, by) => commands.returnReport(milestone.plan, report.id, version, words, by));
  };
  return (
    <li className={`report report-${report.state}`} data-report={report.id} data-state={report.state}>
      <p className="row-meta">
        <strong dir="auto">{nameOf(report.body)}</strong>
        <PersonName name={report.actorName} body={nameOf(report.body)} />
        <time dateTime={report.at}>{formatMoment(report.at, locale)}</time>
        <span className="chip">{t(`words:reportState.${report.state}`)}</span>
      </p>
      <p>
        <StatusMark status={report.status} /> <span className="number">{report.progress}%</span>
      </p>
      {report.note && (
        <p className={isErased(report.note) ? 'erased' : undefined} dir="auto">
          {report.note}
        </p>
      )}
      {report.evidence.length > 0 && (
        <ul className="evidence">
          {report.evidence.map((one, at) => {
            const href = webAddress(one);
            return (
              <li key={at} className={isErased(one) ? 'erased' : undefined} dir="auto">
                {href ? (
                  <a href={href} rel="noopener noreferrer" target="_blank">
                    {one}
                  </a>
                ) : (
                  one
                )}
              </li>
            );
          })}
        </ul>
      )}
      {report.returnedBecause && (
        <p className={isErased(report.returnedBecause) ? 'returned erased' : 'returned'} dir="auto">
          {t('milestones:returnedBecause', { reason: report.returnedBecause })}
        </p>
      )}
      {/* After a conflict, what the others did is on the screen: the person looks again and decides. */}
      <Trouble error={error instanceof Conflict ? null : error} retry={retry && (reason === null ? retry : giveBack)} />
      {reason !== null ? (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            giveBack();
          }}
        >
          <Field name="reason" label={t('milestones:reason')} error={errorFor(error, 'reason')}>
            {(control) => (
              <textarea
                {...control}
                rows={3}
                required
                dir="auto"
                value={reason}
                data-testid="return-reason"
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <div className="actions">
            <button type="submit" className="button button-primary" disabled={busy || !reason.trim()} data-testid="return-send">
              {t('milestones:return')}
            </button>
            <button type="button" className="button" onClick={() => setReason(null)}>
              {t('words:cancel')}
            </button>
          </div>
        </form>
      ) : (
        <div className="actions">
          {report.verbs.includes('approve') && (
            <button
              type="button"
              className="button button-primary button-small"
              disabled={busy}
              data-testid="report-approve"
              onClick={() => act((version, by) => commands.approve(milestone.plan, report.id, version, by))}
            >
              {t('milestones:approve')}
            </button>
          )}
          {report.verbs.includes('return') && (
            <button type="button" className="button button-small" disabled={busy} data-testid="report-return" onClick={() => setReason('')}>
              {t('milestones:return')}
            </button>
          )}
          {report.verbs.includes('submit') && (
            <button
              type="button"
              className="button button-small"
              disabled={busy}
              data-testid="report-submit"
              onClick={() => act((version, by) => commands.submitReport(milestone.plan, report.id, version, {}, by))}
            >
              {t('milestones:report.submit')}
            </button>
          )}
        </div>
      )}
    </li>
  );
}

function Move({ milestone, onDone }: { milestone: MilestoneView; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [seen] = useState(milestone);
  const [due, setDue] = useState(milestone.due);
  const [reason, setReason] = useState('');
  const [moved, setMoved] = useState(false);
  const { busy, error, run, retry } = useCommand();

  function submit() {
    if (!reason.trim() || due === '') return;
    run(async (by) => {
      try {
        await sendForMilestone(client, moved ? milestone : seen, (version) =>
          commands.reschedule(seen.plan, seen.id, version, due, reason.trim(), by),
        );
        onDone();
      } catch (problem) {
        if (!(problem instanceof Conflict)) throw problem;
        setMoved(true);
      }
    });
  }
  return (
    <form
      className="stack inset"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h3>{t('milestones:move')}</h3>
      {moved && (
        <p className="banner" role="alert">
          {t('milestones:conflict.moved')}
        </p>
      )}
      <Trouble error={error} retry={retry && submit} />
      <Field name="due" label={t('milestones:newDue')} hint={t('milestones:baselineKept')} error={errorFor(error, 'due')}>
        {(control) => (
          <input {...control} type="date" required value={due} data-testid="move-due" onChange={(event) => setDue(event.target.value)} />
        )}
      </Field>
      <div className="actions">
        {[7, 14, 30].map((days) => (
          <button
            key={days}
            type="button"
            className="button button-small button-quiet"
            onClick={() => setDue(addDays(due || seen.due, days))}
          >
            {t('milestones:plusDays', { count: days })}
          </button>
        ))}
      </div>
      <Field name="reason" label={t('milestones:reason')} error={errorFor(error, 'reason')}>
        {(control) => (
          <textarea
            {...control}
            rows={2}
            required
            dir="auto"
            value={reason}
            data-testid="move-reason"
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <div className="actions">
        <button type="submit" className="button button-primary" disabled={busy || !reason.trim()} data-testid="move-save">
          {t('words:save')}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {t('words:cancel')}
        </button>
      </div>
    </form>
  );
}
