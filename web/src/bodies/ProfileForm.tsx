import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { commands } from '../api/commands';
import type { BodyDetail, FocalPoint } from '../api/types';
import { useLocale, useTranslation } from '../i18n';
import { formatMinutes } from '../ui/dates';
import { FormDialog } from '../ui/form';
import { Field } from '../ui/pieces';
import { idleChoices, profileBody, profileLacks, profileOf } from './model';
import { AcronymField, NameField, TimeZoneField } from './ProfileFields';

const mostPoints = 50;

/** What a body says of itself. Only what the writer changes is sent, with the version that the writer sees. */
export function ChangeProfile({ body, onClose }: { body: BodyDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  // As it was when the form was opened: it never changes under the writer's hands.
  const [seen] = useState(() => profileOf(body));
  const [form, setForm] = useState(seen);
  const set = (part: Partial<typeof form>) => setForm((before) => ({ ...before, ...part }));
  const setPoint = (at: number, part: Partial<FocalPoint>) =>
    set({ focalPoints: form.focalPoints.map((point, index) => (index === at ? { ...point, ...part } : point)) });
  const lackOf = (field: string) =>
    field === 'name'
      ? t('bodies:lacks.name')
      : field === 'timeZone'
        ? t('bodies:lacks.timeZone')
        : field.endsWith('subject')
          ? t('bodies:lacks.subject')
          : t('bodies:lacks.office');
  const changes = profileBody(form, seen);
  return (
    <FormDialog
      title={t('bodies:changeProfile')}
      action={t('words:save')}
      lacks={Object.fromEntries(profileLacks(form, seen).map((field) => [field, lackOf(field)]))}
      send={async (by) => {
        try {
          if (Object.keys(changes).length > 0) await commands.changeProfile(body.id, body.version, changes, by);
        } finally {
          // After a refusal too: it may be that someone else was first, and the next try needs the version of today.
          void client.invalidateQueries({ queryKey: ['body', body.id] });
        }
      }}
      onDone={() => {
        for (const queryKey of [['bodies'], ['session']]) void client.invalidateQueries({ queryKey });
        onClose();
      }}
      onClose={onClose}
      testId="profile"
    >
      {(complaint) => (
        <>
          <NameField value={form.name} onChange={(name) => set({ name })} error={complaint('name')} testId="profile-name" />
          <AcronymField
            value={form.acronym}
            onChange={(acronym) => set({ acronym })}
            error={complaint('acronym')}
            testId="profile-acronym"
          />
          <Field name="legalBasis" label={t('bodies:legalBasis')} optional error={complaint('legalBasis')}>
            {(control) => (
              <textarea
                {...control}
                rows={3}
                maxLength={2000}
                dir="auto"
                value={form.legalBasis}
                data-testid="profile-legal-basis"
                onChange={(event) => set({ legalBasis: event.target.value })}
              />
            )}
          </Field>
          <TimeZoneField
            value={form.timeZone}
            onChange={(timeZone) => set({ timeZone })}
            error={complaint('timeZone')}
            testId="profile-time-zone"
            own={seen.timeZone}
          />
          <Field name="idleMinutes" label={t('bodies:idle')} hint={t('bodies:idleHint')} error={complaint('idleMinutes')}>
            {(control) => (
              <select
                {...control}
                value={form.idleMinutes}
                data-testid="profile-idle"
                onChange={(event) => set({ idleMinutes: Number(event.target.value) })}
              >
                {idleChoices(seen.idleMinutes).map((minutes) => (
                  <option key={minutes} value={minutes}>
                    {formatMinutes(minutes, locale)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <fieldset className="choices stack">
            <legend>{t('bodies:focalPoints')}</legend>
            <p className="hint">{t('bodies:focalHint')}</p>
            {form.focalPoints.map((point, at) => (
              <div key={at} className="inset point" role="group" aria-label={t('bodies:focalPoint', { number: at + 1 })}>
                <Field name={`focalPoints/${at}/subject`} label={t('bodies:pointSubject')} error={complaint(`focalPoints/${at}/subject`)}>
                  {(control) => (
                    <input
                      {...control}
                      maxLength={100}
                      dir="auto"
                      value={point.subject}
                      data-testid="point-subject"
                      onChange={(event) => setPoint(at, { subject: event.target.value })}
                    />
                  )}
                </Field>
                <Field name={`focalPoints/${at}/office`} label={t('bodies:pointOffice')} error={complaint(`focalPoints/${at}/office`)}>
                  {(control) => (
                    <input
                      {...control}
                      maxLength={200}
                      dir="auto"
                      value={point.office}
                      data-testid="point-office"
                      onChange={(event) => setPoint(at, { office: event.target.value })}
                    />
                  )}
                </Field>
                <button
                  type="button"
                  className="link-button"
                  aria-label={t('bodies:removeFocalPoint', { number: at + 1 })}
                  data-testid="point-remove"
                  onClick={() => set({ focalPoints: form.focalPoints.filter((_, index) => index !== at) })}
                >
                  {t('bodies:remove')}
                </button>
              </div>
            ))}
            {form.focalPoints.length < mostPoints && (
              <button
                type="button"
                className="button button-small start"
                data-testid="point-add"
                onClick={() => set({ focalPoints: [...form.focalPoints, { subject: '', office: '' }] })}
              >
                {t('bodies:addFocalPoint')}
              </button>
            )}
          </fieldset>
        </>
      )}
    </FormDialog>
  );
}
