import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { useTranslation } from '../i18n';
import { hrefOf } from '../parts/list/model';
import { useFound } from '../parts/list/useFound';
import { Dialog } from '../ui/dialog';
import { type Found, find } from './palette';
import { places } from './places';

/** Finds any page, body, plan or request by a few letters. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const router = useRouter();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const things = useFound(text, 12);

  const pages = useMemo<Found[]>(
    () => [
      ...places.map((place) => ({ id: place.to, group: 'page' as const, title: t(`shell:place.${place.word}`), href: place.to })),
      { id: 'bodies', group: 'page', title: t('shell:allBodies'), href: '/bodies' },
      { id: 'inbox', group: 'page', title: t('shell:place.inbox'), href: '/inbox' },
      { id: 'new', group: 'page', title: t('shell:newRequest'), href: '/requests/new' },
    ],
    [t],
  );
  const found: Found[] = [
    ...find(pages, text),
    ...things.map((one) => ({
      id: `${one.kind}/${one.plan ?? ''}/${one.id}`,
      group: one.kind,
      title: one.title,
      href: hrefOf(one),
      ...(one.bodyName || one.code ? { hint: [one.code, one.bodyName].filter(Boolean).join(' · ') } : {}),
    })),
    ...(text.trim()
      ? [
          {
            id: 'all',
            group: 'page' as const,
            title: t('shell:allFound', { text: text.trim() }),
            href: `/search?q=${encodeURIComponent(text.trim())}`,
          },
        ]
      : []),
  ];
  const chosen = Math.min(at, found.length - 1);

  function open(one: Found | undefined) {
    if (!one) return;
    onClose();
    router.history.push(one.href);
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt(Math.min(found.length - 1, Math.max(0, chosen + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(found[chosen]);
    }
  }

  return (
    <Dialog title={t('shell:search')} onClose={onClose}>
      <div className="palette">
        <input
          autoFocus
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={found[chosen] ? `${list}-${chosen}` : undefined}
          aria-label={t('shell:searchHint')}
          placeholder={t('shell:searchHint')}
          maxLength={200}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          data-testid="palette-input"
        />
        <div id={list} role="listbox" aria-label={t('shell:search')} className="palette-list">
          {found.map((one, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
            <div
              key={one.id}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className="palette-item"
              onClick={() => open(one)}
              onMouseEnter={() => setAt(index)}
            >
              <span dir="auto">{one.title}</span>
              <span className="hint">
                {[one.group === 'page' ? t('shell:found.page') : t(`words:found.${one.group}`), one.hint].filter(Boolean).join(' · ')}
              </span>
            </div>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
