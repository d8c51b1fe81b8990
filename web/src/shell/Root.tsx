import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from '../i18n';

export function Root() {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    window.scrollTo(0, 0);
    // A new page is read from its beginning, but never out from under an open dialog.
    if (!document.querySelector('[role=dialog]')) document.getElementById('main')?.focus({ preventScroll: true });
  }, [path]);
  return (
    <>
      <a className="skip-link" href="#main">
        {t('words:skip')}
      </a>
      <Outlet />
    </>
  );
}
