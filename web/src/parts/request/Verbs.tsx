import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../api/client';
import { useCommand } from '../../api/command';
import { commands, type RequestVerb, type RequestVerbBody } from '../../api/commands';
import { queries } from '../../api/queries';
import { declineGrounds, type RequestView } from '../../api/types';
import { useTranslation } from '../../i18n';
import { today } from '../../ui/dates';
import { Dialog } from '../../ui/dialog';
import { errorFor, Field, Trouble } from '../../ui/pieces';
import { isDanger, leadingVerb, orderedVerbs, type VerbInput, verbBody, verbForm, verbReady } from './model';

/** What may be done with a request: one button for each verb the server offers. `only` keeps the row short. */
export function Verbs({ request, only = 'all' }: { request: RequestView; only?: 'leading' | 'all' }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState<RequestVerb | null>(null);
  const { busy, error, run, retry, clear } = useCommand();
  const leading = leadingVerb(request.verbs);
  const verbs = only === 'all' ? orderedVerbs(request.verbs) : leading ? [leading] : [];

  const send = (verb: RequestVerb, body: RequestVerbBody) =>
    run(async (by) => {
      try {
        await commands.requestVerb(request.id, verb, request.version, body, by);
        setOpen(null);
      } catch (problem) {
        if (problem instanceof ApiError && problem.status === 412)
          await client.fetchQuery({ ...queries.request(request.id), staleTime: 0 }).catch(() => undefined);
        throw problem;
      } finally {
        void client.invalidateQueries({ queryKey: ['request', request.id] });
        void client.invalidateQueries({ queryKey: ['requests'] });
      }
    });

  return (
    <>
      {open === null && <Trouble error={error} retry={retry} />}
      <div className="actions verbs">
        {verbs.map((verb) => (
          <button
            key={verb}
            type="button"
            disabled={busy}
            className={verb === leading ? 'button button-primary' : isDanger(verb) ? 'button button-danger' : 'button'}
            data-testid={`verb-${verb}`}
            onClick={() => {
              clear();
              if (verbForm(verb) === 'none') send(verb, {});
              else setOpen(verb);
            }}
          >
            {t(`requests:verb.${verb}` as never)}
          </button>
        ))}
      </div>
      {open && (
        <VerbDialog
          verb={open}
          request={request}
          busy={busy}
          error={error}
          again={retry !== undefined}
          onClose={() => setOpen(null)}
          onSend={(body) => send(open, body)}
        />
      )}
    </>
  );
}

function VerbDialog({
  verb,
  request,
  busy,
  error,
  again,
  onClose,
  onSend,
}: {
  verb: RequestVerb;
  request: RequestView;
  busy: boolean;
  error: unknown;
  /** Whether it may be sent again as it is, because nobody knows whether it was done. */
  again: boolean;
  onClose: () => void;
  onSend: (body: RequestVerbBody) => void;
}) {
  const { t } = useTranslation();
  const [input, setInput] = useState<VerbInput>({ text: '', date: '', ground: '' });
  const form = verbForm(verb);
  const stale = error instanceof ApiError && error.status === 412;
  const submit = () => {
    if (verbReady(verb, input)) onSend(verbBody(verb, input));
  };
  return (
    <Dialog title={t(`requests:verb.${verb}` as never)} onClose={onClose}>
      <form
        className="dialog-body stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p className="dialog-lead" dir="auto">
          {request.subject}
        </p>
        <p className="hint">{t(`requests:verbHelp.${verb}` as never)}</p>
        {stale && <p className="banner">{t('requests:stale', { status: t(`words:requestStatus.${request.status}`) })}</p>}
        <Trouble error={error} retry={again ? submit : undefined} />
        {form === 'date' && (
          <Field name="date" label={t('requests:proposedDate')} error={errorFor(error, 'date')}>
            {(control) => (
              <input
                {...control}
                type="date"
                required
                min={today()}
                value={input.date}
                onChange={(event) => setInput({ ...input, date: event.target.value })}
              />
            )}
          </Field>
        )}
        {form === 'ground' && (
          <fieldset className="choices">
            <legend>{t('requests:ground')}</legend>
            {declineGrounds.map((ground) => (
              <label key={ground} className="radio">
                <input
                  type="radio"
                  name="ground"
                  value={ground}
                  checked={input.ground === ground}
                  onChange={() => setInput({ ...input, ground })}
                />
                <span>{t(`words:ground.${ground}`)}</span>
              </label>
            ))}
          </fieldset>
        )}
        <Field name="text" label={t('requests:text')} optional={form !== 'text-required'} error={errorFor(error, 'text')}>
          {(control) => (
            <textarea
              {...control}
              rows={4}
              dir="auto"
              data-testid="verb-text"
              required={form === 'text-required'}
              value={input.text}
              onChange={(event) => setInput({ ...input, text: event.target.value })}
            />
          )}
        </Field>
        <div className="actions">
          <button
            type="submit"
            className={isDanger(verb) ? 'button button-danger-solid' : 'button button-primary'}
            disabled={busy || !verbReady(verb, input)}
            data-testid="verb-send"
          >
            {t(`requests:verb.${verb}` as never)}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {t('words:cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
