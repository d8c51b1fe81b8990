import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { queries } from '../api/queries';
import { useTranslation } from '../i18n';
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
  const { data: bodies } = useQuery(queries.bodies());
  const { data: plans } = useQuery(queries.plans());
  const { data: requests } = useQuery(queries.requests());
  const { data: groups } = useQuery(queries.groups());

  const all = useMemo<Found[]>(
    () => [
      ...places.map((place) => ({ id: place.to, group: 'page' as const, title: t(`shell:place.${place.word}`), href: place.to })),
      { id: 'bodies', group: 'page', title: t('shell:allBodies'), href: '/bodies' },
      { id: 'inbox', group: 'page', title: t('shell:place.inbox'), href: '/inbox' },
      { id: 'new', group: 'page', title: t('shell:newRequest'), href: '/requests/new' },
      ...(plans?.items ?? []).map((plan) => ({
        id: `p/${plan.id}`,
        group: 'plan' as const,
        title: plan.title,
        hint: plan.bodyName,
        href: `/plans/${plan.id}`,
      })),
      ...(groups?.items ?? []).map((group) => ({
        id: `g/${group.id}`,
        group: 'group' as const,
        title: group.name,
        href: `/groups/${group.id}`,
      })),
      ...(bodies?.items ?? []).map((body) => ({
        id: `b/${body.id}`,
        group: 'body' as const,
        title: body.name,
        hint: [body.acronym, body.region].filter(Boolean).join(' · '),
        href: `/bodies/${body.id}`,
      })),
      ...(requests?.items ?? []).map((request) => ({
        id: `r/${request.id}`,
        group: 'request' as const,
        title: request.subject,
        hint: request.fromName,
        href: `/requests/${request.id}`,
      })),
    ],
    [t, bodies, plans, requests, groups],
  );
  const found = find(all, text);
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
              <span className="hint">{[t(`shell:found.${one.group}`), one.hint].filter(Boolean).join(' · ')}</span>
            </div>
          ))}
          {found.length === 0 && <p className="hint">{t('shell:nothingFound')}</p>}
        </div>
      </div>
    </Dialog>
  );
}
