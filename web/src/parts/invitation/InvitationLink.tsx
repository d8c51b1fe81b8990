import { useEffect, useRef, useState } from 'react';
import { useLocale, useTranslation } from '../../i18n';
import { formatMoment } from '../../ui/dates';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/pieces';

/** The link with which a person chooses a password: shown this once, and copied. */
export function InvitationLink({
  title,
  link,
  expires,
  onClose,
}: {
  title: string;
  link: string;
  expires: string | null | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const address = new URL(link, window.location.origin).href;
  useEffect(() => field.current?.focus(), []);

  async function copy() {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
    } catch {
      // No clipboard on plain HTTP: the link is selected, and the older way may still work.
      setCopied(document.execCommand?.('copy') ?? false);
    }
  }

  return (
    <Dialog title={title} onClose={onClose} stays>
      <div className="dialog-body stack">
        <p className="banner" data-testid="invitation-once">
          {t('bodies:linkOnce', { moment: expires ? formatMoment(expires, locale) : '' })}
        </p>
        <Field name="invitation-link" label={t('bodies:link')}>
          {(control) => (
            <input
              {...control}
              ref={field}
              type="text"
              readOnly
              dir="ltr"
              className="secret"
              autoComplete="off"
              spellCheck={false}
              value={address}
              data-testid="invitation-link"
              onFocus={(event) => event.target.select()}
            />
          )}
        </Field>
        <div className="actions">
          <button type="button" className="button button-primary" onClick={() => void copy()} data-testid="invitation-copy">
            {t('bodies:copy')}
          </button>
          <button type="button" className="button" onClick={onClose} data-testid="invitation-done">
            {t('bodies:linkKept')}
          </button>
          <span className="hint" role="status">
            {copied && t('bodies:copied')}
          </span>
        </div>
      </div>
    </Dialog>
  );
}
