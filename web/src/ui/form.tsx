import { type ReactNode, useRef, useState } from 'react';
import { ApiError, commandKey } from '../api/client';
import { useTranslation } from '../i18n';
import { Dialog } from './dialog';
import { errorFor, Trouble } from './pieces';

/** What is wrong with a field, if anything: what the form itself finds lacking, then what the platform found. */
export type Complaint = (field: string) => string | undefined;

/**
 * A dialog that sends one command. It complains only after the first try, and takes the writer to the first field that lacks
 * something. `content` is what would be sent: as long as it stays the same, a lost answer is asked for again under the same key.
 */
export function FormDialog<T>({
  title,
  action,
  danger = false,
  content,
  lacks = {},
  send,
  onDone,
  onClose,
  focusThen,
  testId,
  children,
}: {
  title: string;
  /** What the button says that sends it. */
  action: string;
  danger?: boolean;
  content?: unknown;
  /** Sentences for the fields that lack something, by name and in their order. */
  lacks?: Readonly<Record<string, string>>;
  send: (key: string) => Promise<T>;
  onDone: (answer: T) => unknown;
  onClose: () => void;
  /** Id of what takes the focus when it is done, where that which opened the form goes away by it. */
  focusThen?: string;
  testId: string;
  children: (complaint: Complaint) => ReactNode;
}) {
  const { t } = useTranslation();
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const held = useRef({ content: '', key: '' });

  async function submit() {
    setTried(true);
    const [first] = Object.keys(lacks);
    if (first !== undefined) {
      document.getElementById(`field-${first}`)?.focus();
      return;
    }
    if (busy) return;
    const sent = JSON.stringify(content ?? null);
    if (held.current.content !== sent || held.current.key === '') held.current = { content: sent, key: commandKey() };
    setBusy(true);
    setError(null);
    try {
      await onDone(await send(held.current.key));
      if (focusThen) setTimeout(() => document.getElementById(focusThen)?.focus());
    } catch (problem) {
      setError(problem);
      // A refusal is final for that command.
      if (problem instanceof ApiError && problem.status > 0 && problem.status < 500) held.current.key = '';
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="dialog-body stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Trouble error={error} />
        {children((field) => (tried ? lacks[field] : undefined) ?? errorFor(error, field))}
        <div className="actions">
          <button
            type="submit"
            className={danger ? 'button button-danger-solid' : 'button button-primary'}
            disabled={busy}
            data-testid={`${testId}-send`}
          >
            {action}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {t('words:cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
