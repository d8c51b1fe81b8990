import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n';

/** Milliseconds after the last key before the platform is asked. */
const pause = 250;

/** Words to search a list by. What is typed is taken after a pause, at once with Enter; the address holds what was taken. */
export function SearchField({
  value,
  onChange,
  label,
  testId = 'list-search',
}: {
  value: string | undefined;
  onChange: (text: string) => void;
  label?: string;
  testId?: string;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(value ?? '');
  const taken = useRef(value ?? '');
  const change = useRef(onChange);
  useEffect(() => {
    change.current = onChange;
  });
  // The address was changed by something else, as by going back.
  useEffect(() => {
    if ((value ?? '') === taken.current) return;
    taken.current = value ?? '';
    setText(taken.current);
  }, [value]);
  const take = useCallback((now: string) => {
    taken.current = now;
    change.current(now);
  }, []);
  useEffect(() => {
    if (text === taken.current) return;
    const timer = setTimeout(() => take(text), pause);
    return () => clearTimeout(timer);
  }, [text, take]);

  return (
    <label className="grow">
      <span>{label ?? t('words:search')}</span>
      <input
        type="search"
        dir="auto"
        maxLength={200}
        value={text}
        data-testid={testId}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && text !== taken.current && take(text)}
      />
    </label>
  );
}
