import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { commands } from '../../api/commands';
import { useTranslation } from '../../i18n';
import { FormDialog } from '../../ui/form';
import { Field } from '../../ui/pieces';
import { emptyPlan, type PlanDraft, planBody, planLacks, planMarks } from './model';

/** Opens a plan of the writer's own body, and shows it. */
export function NewPlan({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(emptyPlan);
  const set = (part: Partial<PlanDraft>) => setDraft((before) => ({ ...before, ...part }));
  return (
    <FormDialog
      title={t('plans:new')}
      action={t('plans:draft')}
      lacks={Object.fromEntries(planLacks(draft).map((field) => [field, t(`plans:lacks.${field}`)]))}
      send={(by) => commands.draftPlan(planBody(draft), by)}
      onDone={(receipt) => {
        void client.invalidateQueries({ queryKey: ['plans'] });
        void client.invalidateQueries({ queryKey: ['bodies'] });
        onClose();
        return navigate({ to: '/plans/$id', params: { id: receipt.id }, search: {} });
      }}
      onClose={onClose}
      testId="new-plan"
    >
      {(complaint) => (
        <>
          <Field name="title" label={t('plans:titleLabel')} error={complaint('title')}>
            {(control) => (
              <input
                {...control}
                required
                maxLength={300}
                dir="auto"
                value={draft.title}
                data-testid="new-plan-title"
                onChange={(event) => set({ title: event.target.value })}
              />
            )}
          </Field>
          <Field name="iteration" label={t('plans:iteration')} optional error={complaint('iteration')}>
            {(control) => (
              <input
                {...control}
                type="number"
                min={1}
                max={99}
                inputMode="numeric"
                className="number"
                value={draft.iteration}
                data-testid="new-plan-iteration"
                onChange={(event) => set({ iteration: event.target.value })}
              />
            )}
          </Field>
          <div className="field-pair">
            <Field name="period/from" label={t('plans:periodFrom')} optional error={complaint('period/from')}>
              {(control) => (
                <input
                  {...control}
                  type="date"
                  value={draft.from}
                  data-testid="new-plan-from"
                  onChange={(event) => set({ from: event.target.value })}
                />
              )}
            </Field>
            <Field name="period/to" label={t('plans:periodTo')} optional error={complaint('period/to')}>
              {(control) => (
                <input
                  {...control}
                  type="date"
                  {...(draft.from ? { min: draft.from } : {})}
                  value={draft.to}
                  data-testid="new-plan-to"
                  onChange={(event) => set({ to: event.target.value })}
                />
              )}
            </Field>
          </div>
          <fieldset className="choices">
            <legend>{t('plans:visibleTo')}</legend>
            {planMarks.map((mark) => (
              <label key={mark} className="radio">
                <input type="radio" name="plan-mark" value={mark} checked={draft.mark === mark} onChange={() => set({ mark })} />
                <span>
                  {t(`words:mark.${mark}`)} <span className="hint">{t(`plans:markHint.${mark}`)}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <p className="hint">{t('plans:newHint')}</p>
        </>
      )}
    </FormDialog>
  );
}
