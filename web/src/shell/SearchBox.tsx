import { useNavigate, useRouterState } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from '../i18n';
import { icons } from './icons';

/** Leads to what the words find. It shows the words of the page of results, and is empty elsewhere. */
export function SearchBox() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const shown = useRouterState({
    select: ({ location }) => (location.pathname === '/search' ? String((location.search as { q?: unknown }).q ?? '') : ''),
  });
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);

  function search(event: FormEvent) {
    event.preventDefault();
    if (text.trim()) void navigate({ to: '/search', search: { q: text.trim() } });
  }
  return (
    <form role="search" className="search-box" aria-label={t('shell:searchAll')} onSubmit={search}>
      {icons.search}
      <input
        type="search"
        dir="auto"
        maxLength={200}
        enterKeyHint="search"
        aria-label={t('shell:searchAll')}
        placeholder={t('shell:search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-testid="search-box"
      />
      <kbd>{t('shell:searchKey')}</kbd>
    </form>
  );
}
