import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useCommand } from '../api/command';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import { type Pillar, pillars, type RequestKind, requestKinds, urgencies } from '../api/types';
import { useTranslation } from '../i18n';
import { BodiesCombo } from '../parts/body/BodyCombo';
import { today } from '../ui/dates';
import { errorFor, Field, PageHead, Trouble } from '../ui/pieces';
import { missing, proposedDate, type RequestForm, requestBody } from './model';
import './requests.css';

const route = getRouteApi('/shell/requests/new');
const openMarks = ['parties', 'community', 'public'] as const;

export function NewRequestPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const session = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: regions } = useQuery(queries.regions());
  const [form, setForm] = useState<RequestForm>(() => ({
    call: search.region !== undefined,
    to: search.to ? [search.to] : [],
    region: search.region ?? '',
    kind: 'information',
    subject: '',
    text: '',
    pillar: '',
    mark: 'parties',
    urgency: 'routine',
    neededBy: proposedDate('information', today()),
  }));
  const [dateTouched, setDateTouched] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, error, run, retry } = useCommand();
  const lacks = missing(form);
  const set = (part: Partial<RequestForm>) => setForm((before) => ({ ...before, ...part }));
  const complaint = (name: 'to' | 'region' | 'subject') =>
    tried && lacks.includes(name) ? t(`requests:missing.${name}`) : errorFor(error, name);

  function submit() {
    setTried(true);
    if (lacks.length > 0) {
      document.getElementById(`field-${lacks[0]}`)?.focus();
      return;
    }
    run(async (by) => {
      const receipt = await commands.openRequest(requestBody(form, search.measure), by);
      void client.invalidateQueries({ queryKey: ['requests'] });
      await navigate({ to: '/requests/$id', params: { id: receipt.id } });
    });
  }

  return (
    <div className="page narrow">
      <PageHead
        title={t('requests:new')}
        kicker={
          <Link to="/requests" search={{}}>
            {t('requests:title')}
          </Link>
        }
      />
      <Trouble error={error} retry={retry && submit} />
      <form
        className="card stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <fieldset className="choices">
          <legend>{t('requests:whom')}</legend>
          <div className="segmented">
            <button type="button" aria-pressed={!form.call} onClick={() => set({ call: false })}>
              {t('requests:toBodies')}
            </button>
            <button type="button" aria-pressed={form.call} onClick={() => set({ call: true })} data-testid="request-call">
              {t('requests:toRegion')}
            </button>
          </div>
        </fieldset>
        {form.call ? (
          <Field name="region" label={t('requests:region')} hint={t('requests:regionHint')} error={complaint('region')}>
            {(control) => (
              <select
                {...control}
                value={form.region}
                onChange={(event) => set({ region: event.target.value })}
                data-testid="request-region"
              >
                <option value="">{t('words:choose')}</option>
                {(regions?.items ?? []).map((region) => (
                  <option key={region.code} value={region.name}>
                    {region.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ) : (
          <BodiesCombo
            name="to"
            label={t('requests:to')}
            error={complaint('to')}
            placeholder={t('requests:toHint')}
            without={session.body ? [session.body.id] : []}
            chosen={form.to}
            onChange={(to) => set({ to })}
            testId="request-to"
          />
        )}
        <div className="field-pair">
          <Field name="kind" label={t('requests:kind')} error={errorFor(error, 'kind')}>
            {(control) => (
              <select
                {...control}
                value={form.kind}
                data-testid="request-kind"
                onChange={(event) => {
                  const kind = event.target.value as RequestKind;
                  set({ kind, ...(dateTouched ? {} : { neededBy: proposedDate(kind, today()) }) });
                }}
              >
                {requestKinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {t(`words:kind.${kind}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field name="pillar" label={t('plans:pillar')} optional error={errorFor(error, 'pillar')}>
            {(control) => (
              <select
                {...control}
                value={form.pillar}
                data-testid="request-pillar"
                onChange={(event) => set({ pillar: event.target.value as Pillar | '' })}
              >
                <option value="">{t('words:none')}</option>
                {pillars.map((pillar) => (
                  <option key={pillar} value={pillar}>
                    {t(`words:pillar.${pillar}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <Field name="subject" label={t('requests:subject')} error={complaint('subject')}>
          {(control) => (
            <input
              {...control}
              maxLength={300}
              dir="auto"
              value={form.subject}
              data-testid="request-subject"
              onChange={(event) => set({ subject: event.target.value })}
            />
          )}
        </Field>
        <Field name="text" label={t('requests:text')} hint={t('requests:textHint')} optional error={errorFor(error, 'text')}>
          {(control) => (
            <textarea
              {...control}
              rows={5}
              maxLength={8000}
              dir="auto"
              value={form.text}
              data-testid="request-text"
              onChange={(event) => set({ text: event.target.value })}
            />
          )}
        </Field>
        <div className="field-pair">
          <Field name="urgency" label={t('requests:urgency')} error={errorFor(error, 'urgency')}>
            {(control) => (
              <select
                {...control}
                value={form.urgency}
                onChange={(event) => set({ urgency: event.target.value as RequestForm['urgency'] })}
              >
                {urgencies.map((urgency) => (
                  <option key={urgency} value={urgency}>
                    {t(`words:urgency.${urgency}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field name="neededBy" label={t('requests:neededByLabel')} optional error={errorFor(error, 'neededBy')}>
            {(control) => (
              <input
                {...control}
                type="date"
                min={today()}
                value={form.neededBy}
                data-testid="request-needed-by"
                onChange={(event) => {
                  setDateTouched(true);
                  set({ neededBy: event.target.value });
                }}
              />
            )}
          </Field>
        </div>
        <fieldset className="choices">
          <legend>{t('requests:mark')}</legend>
          {openMarks.map((mark) => (
            <label key={mark} className="radio">
              <input type="radio" name="mark" value={mark} checked={form.mark === mark} onChange={() => set({ mark })} />
              <span>
                {t(`words:mark.${mark}`)} <span className="hint">{t(`words:markHint.${mark}`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div className="actions">
          <button type="submit" className="button button-primary button-large" disabled={busy} data-testid="request-send">
            {t('requests:send')}
          </button>
          <Link to="/requests" search={{}} className="button button-large">
            {t('words:cancel')}
          </Link>
        </div>
      </form>
    </div>
  );
}
