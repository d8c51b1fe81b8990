import { type ReactNode, useState } from 'react';
import { type Sender, useCommand } from '../api/command';
import { useTranslation } from '../i18n';
import { Dialog } from './dialog';
import { errorFor, Trouble } from './pieces';

/** What is wrong with a field, if anything: what the form itself finds lacking, then what the platform found. */
export type Complaint = (field: string) => string | undefined;

/**
 * A dialog that sends one command. It complains only after the first try, and takes the writer to the first field that lacks
 * something. As long as the same is sent, a lost answer is asked for again under the same key.
 */
export function FormDialog<T>({
  title,
  action,
  danger = false,
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
  /** Sentences for the fields that lack something, by name and in their order. */
  lacks?: Readonly<Record<string, string>>;
  send: (by: Sender) => Promise<T>;
  onDone: (answer: T) => unknown;
  onClose: () => void;
  /** Id of what takes the focus when it is done, where that which opened the form goes away by it. */
  focusThen?: string;
  testId: string;
  children: (complaint: Complaint) => ReactNode;
}) {
  const { t } = useTranslation();
  const [tried, setTried] = useState(false);
  const command = useCommand();

  function submit() {
    setTried(true);
    const [first] = Object.keys(lacks);
    if (first !== undefined) {
      document.getElementById(`field-${first}`)?.focus();
      return;
    }
    command.run(async (by) => {
      await onDone(await send(by));
      if (focusThen) setTimeout(() => document.getElementById(focusThen)?.focus());
    });
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="dialog-body stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Trouble error={command.error} retry={command.retry && submit} />
        {children((field) => (tried ? lacks[field] : undefined) ?? errorFor(command.error, field))}
        <div className="actions">
          <button
            type="submit"
            className={danger ? 'button button-danger-solid' : 'button button-primary'}
            disabled={command.busy}
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
