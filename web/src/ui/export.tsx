import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../i18n';
import { type Cell, csv, download } from './csv';
import { Trouble } from './pieces';

/**
 * Hands the reader a list as a file, with all that it holds, which is more than a page shows. It says how far it is, can be stopped, and ends with
 * the page.
 *
 * @param head Names of the columns.
 * @param rows Reads them all, and says after each part how many there are so far.
 */
export function ExportButton({
  file,
  head,
  rows,
  testId,
}: {
  file: string;
  head: readonly string[];
  rows: (onRead: (count: number) => void, signal: AbortSignal) => Promise<readonly (readonly Cell[])[]>;
  testId: string;
}) {
  const { t } = useTranslation();
  const [count, setCount] = useState<number | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function run() {
    const stop = new AbortController();
    running.current = stop;
    setCount(0);
    setDone(null);
    setError(null);
    try {
      const read = await rows((so) => !stop.signal.aborted && setCount(so), stop.signal);
      stop.signal.throwIfAborted();
      download(file, csv([head, ...read]));
      setDone(read.length);
    } catch (problem) {
      if (!stop.signal.aborted) setError(problem);
    } finally {
      if (running.current === stop) setCount(null);
    }
  }

  function stop() {
    running.current?.abort();
    running.current = null;
    setCount(null);
  }

  return (
    <>
      <span className="hint" role="status" data-testid={`${testId}-status`}>
        {count !== null ? t('words:export.read', { count }) : done !== null && t('words:export.done', { count: done })}
      </span>
      {/* One button for both, which keeps the focus. */}
      <button type="button" className="button" onClick={() => (count === null ? void run() : stop())} data-testid={testId}>
        {count === null ? t('words:export.action') : t('words:cancel')}
      </button>
      <Trouble error={error} />
    </>
  );
}
