import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import { bodyKinds } from '../api/types';
import { useTranslation } from '../i18n';
import { BodyCombo } from '../parts/body/BodyCombo';
import { FormDialog } from '../ui/form';
import { Field } from '../ui/pieces';
import { type AdmitForm, admitBody, admitLacks } from './model';
import { AcronymField, NameField, TimeZoneField } from './ProfileFields';

const empty: AdmitForm = { kind: '', name: '', acronym: '', state: '', region: '', parent: null, timeZone: null, exercise: false };

/** Takes a body in, and goes on to its page, where its first coordinator is invited. */
export function AdmitBody({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: states } = useQuery(queries.states());
  const { data: regions } = useQuery(queries.regions(true));
  const [form, setForm] = useState(empty);
  const set = (part: Partial<AdmitForm>) => setForm((before) => ({ ...before, ...part }));
  return (
    <FormDialog
      title={t('bodies:admit')}
      action={t('bodies:admitAction')}
      lacks={Object.fromEntries(admitLacks(form).map((field) => [field, t(`bodies:lacks.${field}`)]))}
      send={(by) => commands.admitBody(admitBody(form), by)}
      onDone={(receipt) => {
        for (const queryKey of [['bodies'], ['regions']]) void client.invalidateQueries({ queryKey });
        onClose();
        void navigate({ to: '/bodies/$id', params: { id: receipt.id } });
      }}
      onClose={onClose}
      testId="admit"
    >
      {(complaint) => (
        <>
          <p className="hint">{t('bodies:admitHint')}</p>
          <Field name="kind" label={t('bodies:kind')} error={complaint('kind')}>
            {(control) => (
              <select
                {...control}
                required
                value={form.kind}
                data-testid="admit-kind"
                onChange={(event) => set({ kind: event.target.value as AdmitForm['kind'] })}
              >
                <option value="">{t('words:choose')}</option>
                {bodyKinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {t(`words:bodyKind.${kind}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <NameField value={form.name} onChange={(name) => set({ name })} error={complaint('name')} testId="admit-name" />
          <AcronymField value={form.acronym} onChange={(acronym) => set({ acronym })} error={complaint('acronym')} testId="admit-acronym" />
          <Field name="state" label={t('bodies:isoState')} hint={t('bodies:isoHint')} optional error={complaint('state')}>
            {(control) => (
              <>
                <input
                  {...control}
                  maxLength={3}
                  dir="ltr"
                  list="admit-states"
                  autoComplete="off"
                  autoCapitalize="characters"
                  spellCheck={false}
                  value={form.state}
                  data-testid="admit-state"
                  onChange={(event) => set({ state: event.target.value.toUpperCase() })}
                />
                <datalist id="admit-states">
                  {(states ?? []).map((state) => (
                    <option key={state.id} value={state.state ?? ''}>
                      {state.name}
                    </option>
                  ))}
                </datalist>
              </>
            )}
          </Field>
          <Field name="region" label={t('bodies:regionChoice')} optional error={complaint('region')}>
            {(control) => (
              <select {...control} value={form.region} data-testid="admit-region" onChange={(event) => set({ region: event.target.value })}>
                <option value="">{t('words:none')}</option>
                {(regions?.items ?? []).map((region) => (
                  <option key={region.code} value={region.name}>
                    {region.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <BodyCombo
            name="parent"
            label={t('bodies:parent')}
            optional
            error={complaint('parent')}
            exercise={form.exercise}
            value={form.parent}
            onChange={(parent) => set({ parent })}
            testId="admit-parent"
          />
          <TimeZoneField
            value={form.timeZone}
            onChange={(timeZone) => set({ timeZone })}
            error={complaint('timeZone')}
            testId="admit-zone"
            own={null}
          />
          <label className="check">
            <input type="checkbox" checked={form.exercise} onChange={(event) => set({ exercise: event.target.checked, parent: null })} />
            <span>{t('bodies:isExercise')}</span>
          </label>
        </>
      )}
    </FormDialog>
  );
}
