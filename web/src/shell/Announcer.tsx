import { useRef, useState } from 'react';
import { useTranslation } from '../i18n';
import { useEntries } from '../live/react';

const pauseMs = 10_000;

/** The one place that speaks to screen readers about live changes: at most one sentence in ten seconds. */
export function Announcer() {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const waiting = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEntries((entries) => {
    waiting.current += entries.length;
    if (timer.current) return;
    const say = () => {
      setWords(t('shell:changes', { count: waiting.current }));
      waiting.current = 0;
    };
    say();
    timer.current = setTimeout(() => {
      timer.current = null;
      if (waiting.current > 0) say();
    }, pauseMs);
  });
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {words}
    </div>
  );
}
