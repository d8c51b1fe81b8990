import { useEffect, useRef, useState } from 'react';
import { visitorOf } from '../api/session';
import type { Session } from '../api/types';
import { useTranslation } from '../i18n';

/** Milliseconds in sight after which the sentence goes by itself. */
const shownFor = 20_000;

/** Says for whom the window acts once that has changed in another window. */
export function BodyChange({ session }: { session: Session }) {
  const { t } = useTranslation();
  const visitor = visitorOf(session);
  const [known, setKnown] = useState(visitor);
  const [open, setOpen] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  if (known !== visitor) {
    setKnown(visitor);
    setOpen(true);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the time begins anew with each change
  useEffect(() => {
    if (!open) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(timer);
      // A window in the background is not read.
      if (document.visibilityState === 'visible') timer = setTimeout(go, shownFor);
    };
    const go = () => (bar.current?.contains(document.activeElement) ? wait() : setOpen(false));
    wait();
    document.addEventListener('visibilitychange', wait);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wait);
    };
  }, [open, visitor]);

  function close() {
    setOpen(false);
    document.getElementById('main')?.focus({ preventScroll: true });
  }

  // The status is there before its words are: a screen reader says what changes in it.
  return (
    <div ref={bar} className={open ? 'bar body-change' : undefined} data-testid="body-change">
      <p role="status">
        {open && (session.body ? t('shell:actsFor', { body: session.body.name }) : t('shell:signedInAs', { name: session.displayName }))}
      </p>
      {open && (
        <button type="button" className="button button-small" onClick={close}>
          {t('words:close')}
        </button>
      )}
    </div>
  );
}
