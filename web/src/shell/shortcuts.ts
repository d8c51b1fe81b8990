import { useEffect, useRef } from 'react';

const setting = 'coordination.shortcuts';
export const shortcutsOn = (): boolean => localStorage.getItem(setting) !== 'off';
export const setShortcuts = (on: boolean): void => localStorage.setItem(setting, on ? 'on' : 'off');

export interface ShortcutActions {
  palette: () => void;
  help: () => void;
  go: (key: string) => void;
  request: () => void;
}

/** Whether keys belong to what has the focus. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The rows that `j` and `k` walk through. */
function step(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-testid=feed-entry], main .row')];
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  const link = next?.querySelector<HTMLElement>('a, button');
  (link ?? next)?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

export function useShortcuts(actions: ShortcutActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    let going = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.palette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !shortcutsOn()) return;
      if (document.querySelector('[role=dialog], [role=menu], [role=listbox]')) return;
      const now = Date.now();
      if (now - going < 1500) {
        going = 0;
        latest.current.go(event.key);
        return;
      }
      if (event.key === 'g') going = now;
      else if (event.key === '?') latest.current.help();
      else if (event.key === '/') {
        event.preventDefault();
        latest.current.palette();
      } else if (event.key === 'j') step(1);
      else if (event.key === 'k') step(-1);
      else if (event.key === 'r') latest.current.request();
      else if (event.key === 'u') {
        const row = document.activeElement?.closest('[data-testid=milestone-row]') ?? document;
        event.preventDefault();
        row.querySelector<HTMLElement>('[data-testid=milestone-update]')?.click();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
