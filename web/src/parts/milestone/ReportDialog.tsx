import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useCommand } from '../../api/command';
import { commands } from '../../api/commands';
import { useBodyNames } from '../../api/names';
import { type MilestoneStatus, type MilestoneView, milestoneStatuses, type ReportView } from '../../api/types';
import { useTranslation } from '../../i18n';
import { Dialog } from '../../ui/dialog';
import { errorFor, Field, Trouble } from '../../ui/pieces';
import { StatusIcon, StatusMark, shownStatus } from '../../ui/status';
import { emptyReport, reportBody, shownProgress } from './model';
import { Conflict, sendForMilestone } from './send';

const keyFor: Record<string, MilestoneStatus> = { p: 'planned', i: 'in-progress', d: 'done', c: 'cancelled' };

/** Says where a milestone stands. The form never changes under the writer's hands; what others did shows when it is sent. */
export function ReportDialog({ milestone, approves, onClose }: { milestone: MilestoneView; approves: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  // As it was when the form was opened.
  const [seen, setSeen] = useState(milestone);
  const [form, setForm] = useState(() => emptyReport(milestone));
  const { busy, error, run, retry } = useCommand();
  const conflict = error instanceof Conflict ? error.theirs : null;
  const theirs = error instanceof Conflict ? error.report : undefined;
  const [draft, setDraft] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  const change = (part: Partial<typeof form>) => setForm((before) => ({ ...before, ...part }));

  function save(asDraft: boolean, base: MilestoneView = seen): void {
    setDraft(asDraft);
    run(async (by) => {
      await sendForMilestone(client, base, (version) => commands.report(base.plan, base.id, version, reportBody(form, asDraft), by));
      onClose();
    });
  }

  function onKeyDown(event: KeyboardEvent) {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      event.preventDefault();
      save(false);
      return;
    }
    const target = event.target as HTMLElement;
    const typing =
      target.tagName === 'TEXTAREA' || (target instanceof HTMLInputElement && target.type !== 'radio' && target.type !== 'range');
    const status = keyFor[event.key];
    if (!typing && status && !event.ctrlKey && !event.metaKey && !event.altKey) change({ status, progress: null });
  }

  return (
    <Dialog title={t('milestones:report.title')} onClose={onClose} side>
      <form
        className="dialog-body stack"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          save(false);
        }}
      >
        <p className="dialog-lead">{milestone.title}</p>
        <Trouble error={conflict ? null : error} retry={retry && (() => save(draft))} />
        {conflict && (
          <div className="conflict" role="alert">
            <h3>{t('milestones:conflict.title')}</h3>
            <p>{t('milestones:conflict.help')}</p>
            <dl className="versus">
              <div>
                <dt>{t('milestones:conflict.yours')}</dt>
                <dd>
                  <StatusMark status={form.status} /> <span className="number">{shownProgress(form, seen)}%</span>
                </dd>
              </div>
              <div>
                <dt>{t('milestones:conflict.theirs')}</dt>
                <dd>
                  <StatusMark status={shownStatus(conflict)} /> <span className="number">{conflict.progress}%</span>
                  {theirs && theirs.state !== 'approved' && <Waits report={theirs} />}
                  {theirs?.note && <q>{theirs.note}</q>}
                </dd>
              </div>
            </dl>
            <div className="actions">
              <button
                type="button"
                className="button button-primary"
                onClick={() => {
                  setSeen(conflict);
                  save(false, conflict);
                }}
              >
                {t('milestones:conflict.sendMine')}
              </button>
              <button type="button" className="button" onClick={onClose}>
                {t('milestones:conflict.keepTheirs')}
              </button>
            </div>
          </div>
        )}
        <fieldset className="choices">
          <legend>{t('milestones:report.status')}</legend>
          <div className="cards-row">
            {milestoneStatuses.map((status) => (
              <label key={status} className={`choice choice-${status}`} data-testid={`report-status-${status}`}>
                <input
                  ref={status === form.status ? first : undefined}
                  type="radio"
                  name="status"
                  value={status}
                  checked={form.status === status}
                  onChange={() => change({ status, progress: null })}
                />
                <StatusIcon status={status} size={20} />
                <span>{t(`words:status.${status}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <Field name="progress" label={t('milestones:report.progress')} error={errorFor(error, 'progress')}>
          {(control) => (
            <div className="range-row">
              <input
                {...control}
                type="range"
                min={0}
                max={100}
                step={5}
                value={shownProgress(form, seen)}
                disabled={form.status === 'done'}
                onChange={(event) => change({ progress: Number(event.target.value) })}
              />
              <output htmlFor={control.id} className="number">
                {shownProgress(form, seen)}%
              </output>
            </div>
          )}
        </Field>
        <Field name="note" label={t('milestones:report.note')} optional error={errorFor(error, 'note')}>
          {(control) => (
            <textarea
              {...control}
              rows={3}
              maxLength={4000}
              value={form.note}
              data-testid="report-note"
              onChange={(event) => change({ note: event.target.value })}
            />
          )}
        </Field>
        <Field
          name="evidence"
          label={t('milestones:report.evidence')}
          hint={t('milestones:report.evidenceHint')}
          optional
          error={errorFor(error, 'evidence')}
        >
          {(control) => (
            <textarea
              {...control}
              rows={2}
              value={form.evidence}
              dir="auto"
              onChange={(event) => change({ evidence: event.target.value })}
            />
          )}
        </Field>
        <p className="hint">{approves ? t('milestones:report.atOnce') : t('milestones:report.waits')}</p>
        <div className="actions">
          <button type="submit" className="button button-primary" disabled={busy} data-testid="report-save">
            {approves ? t('words:save') : t('milestones:report.submit')}
          </button>
          <button type="button" className="button" disabled={busy} onClick={() => save(true)} data-testid="report-draft">
            {t('milestones:report.draft')}
          </button>
          <span className="hint keys">
            <kbd>Ctrl</kbd> <kbd>↵</kbd>
          </span>
        </div>
      </form>
    </Dialog>
  );
}

/** A report that has not taken effect: the milestone does not say it yet. */
function Waits({ report }: { report: ReportView }) {
  const { t } = useTranslation();
  const nameOf = useBodyNames();
  return (
    <p className="row-meta">
      <span className="chip">{t(`words:reportState.${report.state}`)}</span>
      <span dir="auto">{nameOf(report.body)}</span>
      <StatusMark status={report.status} /> <span className="number">{report.progress}%</span>
    </p>
  );
}
