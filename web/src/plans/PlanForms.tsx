import { useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { type Sender, useCommand } from '../api/command';
import { commands } from '../api/commands';
import { type MeasureView, type Pillar, type PlanDetail, type PlanStatus, pillars } from '../api/types';
import { useTranslation } from '../i18n';
import { addDays } from '../ui/dates';
import { Dialog } from '../ui/dialog';
import { errorFor, Field, Trouble } from '../ui/pieces';
import { nextStatuses } from './model';

const BodyCombo = lazy(() => import('../parts/body/BodyCombo').then((module) => ({ default: module.BodyCombo })));

/** A form that sends one command about a plan, with the version its writer sees. */
function PlanForm({
  plan,
  title,
  ready,
  send,
  onClose,
  children,
}: {
  plan: PlanDetail;
  title: string;
  ready: boolean;
  send: (version: number, by: Sender) => Promise<unknown>;
  onClose: () => void;
  children: (error: unknown) => ReactNode;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const command = useCommand();
  function submit() {
    if (!ready) return;
    command.run(async (by) => {
      try {
        await send(plan.version, by);
      } catch (problem) {
        // The next try needs the version of today.
        void client.invalidateQueries({ queryKey: ['plan', plan.id] });
        throw problem;
      }
      await client.invalidateQueries({ queryKey: ['plan', plan.id] });
      void client.invalidateQueries({ queryKey: ['plans'] });
      onClose();
    });
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="dialog-body stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Trouble error={command.error} retry={command.retry && submit} />
        {children(command.error)}
        <div className="actions">
          <button type="submit" className="button button-primary" disabled={command.busy || !ready} data-testid="plan-form-save">
            {t('words:save')}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {t('words:cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function ChangeStatus({ plan, onClose }: { plan: PlanDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const [status, setStatus] = useState<PlanStatus | null>(null);
  return (
    <PlanForm
      plan={plan}
      title={t('plans:changeStatus')}
      ready={status !== null}
      send={(version, by) => (status ? commands.changePlanStatus(plan.id, version, status, by) : Promise.resolve())}
      onClose={onClose}
    >
      {() => (
        <fieldset className="choices">
          <legend>{t('plans:statusNow', { status: t(`words:planStatus.${plan.status}`) })}</legend>
          {nextStatuses[plan.status].map((one) => (
            <label key={one} className="radio">
              <input type="radio" name="plan-status" value={one} checked={status === one} onChange={() => setStatus(one)} />
              <span>{t(`words:planStatus.${one}`)}</span>
            </label>
          ))}
        </fieldset>
      )}
    </PlanForm>
  );
}

export function AddMeasure({ plan, onClose }: { plan: PlanDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const [pillar, setPillar] = useState<Pillar>('legislation');
  const [title, setTitle] = useState('');
  const [lead, setLead] = useState<string | null>(plan.body);
  return (
    <PlanForm
      plan={plan}
      title={t('plans:addMeasure')}
      ready={title.trim() !== '' && lead !== null}
      send={(version, by) => commands.addMeasure(plan.id, version, { pillar, title: title.trim(), lead: lead ?? plan.body }, by)}
      onClose={onClose}
    >
      {(error) => (
        <>
          <Field name="pillar" label={t('plans:pillar')} error={errorFor(error, 'pillar')}>
            {(control) => (
              <select {...control} value={pillar} onChange={(event) => setPillar(event.target.value as Pillar)}>
                {pillars.map((one) => (
                  <option key={one} value={one}>
                    {t(`words:pillar.${one}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field name="title" label={t('plans:measureTitle')} error={errorFor(error, 'title')}>
            {(control) => (
              <input {...control} required maxLength={300} dir="auto" value={title} onChange={(event) => setTitle(event.target.value)} />
            )}
          </Field>
          <Suspense>
            <BodyCombo
              name="lead"
              label={t('plans:lead')}
              error={errorFor(error, 'lead')}
              exercise={plan.exercise}
              value={lead}
              onChange={setLead}
              testId="measure-lead"
            />
          </Suspense>
        </>
      )}
    </PlanForm>
  );
}

export function AddMilestone({ plan, measure, onClose }: { plan: PlanDetail; measure: MeasureView; onClose: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState('');
  const [due, setDue] = useState(addDays(plan.today, 90));
  return (
    <PlanForm
      plan={plan}
      title={t('plans:addMilestone')}
      ready={title.trim() !== '' && due !== ''}
      send={(version, by) => commands.addMilestone(plan.id, measure.id, version, { title: title.trim(), due }, by)}
      onClose={onClose}
    >
      {(error) => (
        <>
          <p className="dialog-lead" dir="auto">
            {measure.title}
          </p>
          <Field name="title" label={t('plans:milestoneTitle')} error={errorFor(error, 'title')}>
            {(control) => (
              <input {...control} required maxLength={300} dir="auto" value={title} onChange={(event) => setTitle(event.target.value)} />
            )}
          </Field>
          <Field name="due" label={t('milestones:dueDate')} error={errorFor(error, 'due')}>
            {(control) => <input {...control} type="date" required value={due} onChange={(event) => setDue(event.target.value)} />}
          </Field>
        </>
      )}
    </PlanForm>
  );
}
