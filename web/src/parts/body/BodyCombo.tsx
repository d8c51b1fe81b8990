import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useBodyNames } from '../../api/names';
import { queries } from '../../api/queries';
import type { BodyKind, BodyView } from '../../api/types';
import { useTranslation } from '../../i18n';
import { Combo } from '../../ui/combo';
import { ExerciseTag } from '../../ui/pieces';
import { textOf } from './model';

/** Bodies that are offered at once; typing brings others. */
const offered = 20;
/** Milliseconds after the last key before the platform is asked. */
const pause = 200;

interface Common {
  name: string;
  label: string;
  hint?: string;
  error?: string | undefined;
  optional?: boolean;
  placeholder?: string;
  /** Only one side, an exercise or what is real; both when not said. */
  exercise?: boolean;
  kind?: BodyKind;
  /** Ids of bodies that are not offered. */
  without?: readonly string[];
  testId: string;
}

/** The bodies that the typed words find, those before until they are there. */
function useFound(typed: string, { exercise, kind, without = [] }: Pick<Common, 'exercise' | 'kind' | 'without'>): BodyView[] {
  const [q, setQ] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed), pause);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data } = useQuery(queries.firstBodies({ q: q.trim(), exercise, kind }, offered + without.length));
  return (data?.items ?? []).filter((body) => !without.includes(body.id)).slice(0, offered);
}

/** One body, found by words of its name, its acronym or its id. */
export function BodyCombo({
  value,
  onChange,
  clears,
  exercise,
  kind,
  without,
  ...field
}: Common & { value: string | null; onChange: (body: string | null, name?: string) => void; clears?: boolean }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const { data: own } = useQuery({ ...queries.firstBodies({ id: value === null ? [] : [value] }, 1), enabled: value !== null });
  const chosen = value === null ? undefined : own?.items.find((body) => body.id === value);
  const name = chosen ? textOf(chosen) : '';
  // What stands in the field when nothing else was typed is a name and not a search.
  const q = typed === null || typed === name ? '' : typed;
  const found = useFound(q, {
    ...(exercise === undefined ? {} : { exercise }),
    ...(kind ? { kind } : {}),
    ...(without ? { without } : {}),
  });
  return (
    <Combo
      {...field}
      choices={chosen && !found.some((body) => body.id === chosen.id) ? [...found, chosen] : found}
      textOf={textOf}
      value={value}
      typed={typed ?? name}
      onType={setTyped}
      onChange={(body) => {
        setTyped(clears ? '' : null);
        onChange(body, found.find((one) => one.id === body)?.name);
      }}
      placeholder={field.placeholder ?? t('bodies:find')}
    >
      {(body) => (
        <>
          <span dir="auto">{textOf(body)}</span>
          <span className="hint">{t(`words:bodyKind.${body.kind}`)}</span>
          {exercise === undefined && body.exercise && <ExerciseTag />}
        </>
      )}
    </Combo>
  );
}

/** Any number of bodies, chosen one after the other. */
export function BodiesCombo({
  chosen,
  onChange,
  without = [],
  ...field
}: Common & { chosen: readonly string[]; onChange: (bodies: string[]) => void }) {
  const { t } = useTranslation();
  const read = useBodyNames();
  // Known from the moment of the choice; of those that were chosen elsewhere the names are read.
  const [names, setNames] = useState<Record<string, string>>({});
  const nameOf = (id: string) => names[id] ?? read(id);
  return (
    <div>
      <BodyCombo
        {...field}
        without={[...without, ...chosen]}
        value={null}
        clears
        onChange={(body, name) => {
          if (body === null) return;
          if (name) setNames((before) => ({ ...before, [body]: name }));
          onChange([...chosen, body]);
        }}
      />
      {chosen.length > 0 && (
        <ul className="chosen">
          {chosen.map((id) => (
            <li key={id} className="chip chip-chosen" dir="auto">
              {nameOf(id)}
              <button
                type="button"
                aria-label={t('bodies:unchoose', { name: nameOf(id) })}
                onClick={() => onChange(chosen.filter((one) => one !== id))}
              >
                <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
                  <path d="M2 2 8 8 M8 2 2 8" stroke="currentColor" strokeWidth="1.6" />
                </svg>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
