import type { BodyView } from '../../api/types';
import { useTranslation } from '../../i18n';
import { Combo } from '../../ui/combo';

const textOf = (body: BodyView) => (body.acronym ? `${body.name} (${body.acronym})` : body.name);

interface Common {
  name: string;
  label: string;
  hint?: string;
  error?: string | undefined;
  optional?: boolean;
  choices: readonly BodyView[];
  clears?: boolean;
  testId: string;
}

/** One body, found by a part of its name or acronym. */
export function BodyCombo({ value, onChange, ...field }: Common & { value: string | null; onChange: (body: string | null) => void }) {
  const { t } = useTranslation();
  return (
    <Combo {...field} textOf={textOf} value={value} onChange={onChange} placeholder={t('bodies:find')}>
      {(body) => (
        <>
          <span dir="auto">{textOf(body)}</span>
          <span className="hint">{t(`words:bodyKind.${body.kind}`)}</span>
        </>
      )}
    </Combo>
  );
}

/** Any number of bodies, chosen one after the other. */
export function BodiesCombo({
  chosen,
  onChange,
  choices,
  ...field
}: Common & { chosen: readonly string[]; onChange: (bodies: string[]) => void }) {
  const { t } = useTranslation();
  const nameOf = (id: string) => choices.find((body) => body.id === id)?.name ?? id;
  return (
    <div>
      <BodyCombo
        {...field}
        choices={choices.filter((body) => !chosen.includes(body.id))}
        value={null}
        clears
        onChange={(body) => body !== null && onChange([...chosen, body])}
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
