import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { ApiError } from '../api/client';
import { type Sender, useCommand } from '../api/command';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import { type MeasureView, type Pillar, type PlanHead, type PlanStatus, type Problem, pillars } from '../api/types';
import { useTranslation } from '../i18n';
import { addDays } from '../ui/dates';
import { Dialog } from '../ui/dialog';
import { errorFor, Field, Trouble } from '../ui/pieces';
import { StatusMark, shownStatus } from '../ui/status';
import { nextStatuses } from './model';

const BodyCombo = lazy(() => import('../parts/body/BodyCombo').then((module) => ({ default: module.BodyCombo })));

/** A form that sends one command about a plan, with the version that its writer sees of the part that it changes. */
function PlanForm({
  plan,
  version,
  reads,
  title,
  ready,
  send,
  onClose,
  children,
}: {
  plan: PlanHead;
  /** Of the part that it changes. */
  version: number;
  /** What is read again when it has changed. */
  reads: readonly unknown[];
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
        await send(version, by);
      } catch (problem) {
        // The next try needs the version of today.
        void client.invalidateQueries({ queryKey: reads });
        throw problem;
      }
      await client.invalidateQueries({ queryKey: reads });
      void client.invalidateQueries({ queryKey: queries.plan(plan.id).queryKey });
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

export function ChangeStatus({ plan, onClose }: { plan: PlanHead; onClose: () => void }) {
  const { t } = useTranslation();
  const [status, setStatus] = useState<PlanStatus | null>(null);
  // A decision on all of the plan: what changed since its maker looked is told first, and what was told is seen.
  const [seen, setSeen] = useState(plan.changed);
  return (
    <PlanForm
      plan={plan}
      version={plan.version}
      reads={['plan', plan.id]}
      title={t('plans:changeStatus')}
      ready={status !== null}
      send={async (version, by) => {
        if (!status) return;
        try {
          await commands.changePlanStatus(plan.id, version, status, seen, by);
        } catch (problem) {
          const changed = changedParts(problem);
          if (changed.length > 0) setSeen(Math.max(...changed.map((part) => part.version)));
          throw problem;
        }
      }}
      onClose={onClose}
    >
      {(error) => (
        <>
          <ChangedParts plan={plan.id} parts={changedParts(error)} onLook={onClose} />
          <fieldset className="choices">
            <legend>{t('plans:statusNow', { status: t(`words:planStatus.${plan.status}`) })}</legend>
            {nextStatuses[plan.status].map((one) => (
              <label key={one} className="radio">
                <input type="radio" name="plan-status" value={one} checked={status === one} onChange={() => setStatus(one)} />
                <span>{t(`words:planStatus.${one}`)}</span>
              </label>
            ))}
          </fieldset>
        </>
      )}
    </PlanForm>
  );
}

type ChangedPart = NonNullable<Problem['changed']>[number];

const changedParts = (error: unknown): ChangedPart[] => (error instanceof ApiError ? (error.problem.changed ?? []) : []);

/** Parts that are named; more of them are counted. */
const named = 10;

/** What has changed since the sender looked, newest first. */
function ChangedParts({ plan, parts, onLook }: { plan: string; parts: readonly ChangedPart[]; onLook: () => void }) {
  const { t } = useTranslation();
  if (parts.length === 0) return null;
  const newest = [...parts].reverse();
  return (
    <ul className="changed-parts">
      {newest.slice(0, named).map((part) => (
        <li key={`${part.part}/${part.id}`}>
          {part.part === 'milestone' ? (
            <ChangedMilestone plan={plan} id={part.id} onLook={onLook} />
          ) : part.part === 'measure' ? (
            <ChangedMeasure plan={plan} id={part.id} />
          ) : (
            t('plans:part.plan')
          )}
        </li>
      ))}
      {newest.length > named && <li>{t('plans:part.more', { count: newest.length - named })}</li>}
    </ul>
  );
}

function ChangedMeasure({ plan, id }: { plan: string; id: string }) {
  const { t } = useTranslation();
  const { data } = useInfiniteQuery(queries.measures(plan));
  const measure = data?.pages.flatMap((page) => page.items).find((one) => one.id === id);
  return t('plans:part.measure', { title: measure?.title ?? id });
}

function ChangedMilestone({ plan, id, onLook }: { plan: string; id: string; onLook: () => void }) {
  const { data } = useQuery({ ...queries.milestone(plan, id), staleTime: 0 });
  return (
    <>
      {data && <StatusMark status={shownStatus(data)} />}
      <Link to="/plans/$id" params={{ id: plan }} search={{ m: id }} dir="auto" resetScroll={false} onClick={onLook}>
        {data?.title ?? id}
      </Link>
    </>
  );
}

export function AddMeasure({ plan, onClose }: { plan: PlanHead; onClose: () => void }) {
  const { t } = useTranslation();
  const [pillar, setPillar] = useState<Pillar>('legislation');
  const [title, setTitle] = useState('');
  const [lead, setLead] = useState<string | null>(plan.body);
  return (
    <PlanForm
      plan={plan}
      version={plan.version}
      reads={['plan', plan.id, 'measures']}
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

export function AddMilestone({ plan, measure, onClose }: { plan: PlanHead; measure: MeasureView; onClose: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState('');
  const [due, setDue] = useState(addDays(plan.today, 90));
  return (
    <PlanForm
      plan={plan}
      version={measure.version}
      reads={['plan', plan.id, 'milestones', measure.id]}
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
