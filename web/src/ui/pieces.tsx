import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ApiError } from '../api/client';
import type { FieldError, MilestoneCounts, Source } from '../api/types';
import { useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { sentenceFor } from '../i18n/problems';
import { type Shown, StatusIcon } from './status';

export function ExerciseTag() {
  const { t } = useTranslation();
  return <span className="tag tag-exercise">{t('words:exercise')}</span>;
}

export function ExerciseBanner() {
  const { t } = useTranslation();
  return (
    <p className="banner banner-exercise">
      <strong>{t('words:exercise')}</strong> {t('words:exerciseBanner')}
    </p>
  );
}

export function Cite({ source }: { source: Source | null | undefined }) {
  const { t } = useTranslation();
  if (!source) return null;
  return (
    <cite className="cite">
      {t('words:cite', { count: source.paragraphs.length, document: source.document, paragraphs: source.paragraphs.join(', ') })}
    </cite>
  );
}

/** Shows itself only when the waiting becomes noticeable. */
export function Loading({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return <div className="skeleton-space" aria-busy="true" />;
  return (
    <div className="skeletons" aria-busy="true">
      <span className="visually-hidden">{t('words:loading')}</span>
      {Array.from({ length: lines }, (_, at) => (
        <div key={at} className="skeleton" />
      ))}
    </div>
  );
}

/** Stands for a number that has not been read yet, or could not be: it is not zero. */
export function NotYet() {
  const { t } = useTranslation();
  return (
    <>
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{t('words:notYet')}</span>
    </>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** What went wrong, what to do, and the number to quote. Takes the focus, so that it is read first. */
export function Trouble({ error, retry, focus = true }: { error: unknown; retry?: (() => void) | undefined; focus?: boolean }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (focus && error) box.current?.focus();
  }, [error, focus]);
  if (!error) return null;
  const api = error instanceof ApiError ? error : null;
  const network = api?.status === 0;
  const errors = api?.problem.errors ?? [];
  const sentence = sentenceFor(api?.code, api?.problem.detail ?? api?.problem.title) ?? t('words:trouble.help');
  const title = network ? t('words:trouble.network') : api?.status === 404 ? t('words:trouble.notFound') : t('words:trouble.title');
  return (
    <div ref={box} className="trouble" role="alert" tabIndex={-1} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {network ? (
        <p>{t('words:trouble.networkHelp')}</p>
      ) : (
        // What is said of a field is not said twice.
        errors.every((one) => one.code !== api?.code) && <p>{sentence}</p>
      )}
      {errors.length > 0 && (
        <ul>
          {errors.map((one) => (
            <li key={one.pointer + one.code}>
              <a href={`#field-${fieldOf(one)}`}>{sentenceFor(one.code, one.detail)}</a>
            </li>
          ))}
        </ul>
      )}
      {api?.problem.traceId && (
        <p className="trace">
          {t('words:trouble.trace')} <code>{api.problem.traceId}</code>
        </p>
      )}
      {retry && (
        <button type="button" className="button" onClick={retry}>
          {t('words:retry')}
        </button>
      )}
    </div>
  );
}

const fieldOf = (error: FieldError): string => error.pointer.replace('#/', '');

export function errorFor(error: unknown, field: string): string | undefined {
  const found = error instanceof ApiError ? error.problem.errors?.find((one) => fieldOf(one) === field) : undefined;
  return found && sentenceFor(found.code, found.detail);
}

/** A labelled control with its hint and its error. */
export function Field({
  name,
  label,
  hint,
  error,
  optional,
  children,
}: {
  name: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  optional?: boolean;
  children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}) {
  const { t } = useTranslation();
  const id = `field-${name}`;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={error ? 'field field-wrong' : 'field'}>
      <label htmlFor={id}>
        {label} {optional && <span className="optional">{t('words:optional')}</span>}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="wrong">
          {error}
        </p>
      )}
      {children({ id, ...(described ? { 'aria-describedby': described } : {}), ...(error ? { 'aria-invalid': true as const } : {}) })}
    </div>
  );
}

const countShown: readonly [Shown, keyof MilestoneCounts][] = [
  ['done', 'done'],
  ['in-progress', 'inProgress'],
  ['at-risk', 'atRisk'],
  ['late', 'late'],
  ['planned', 'planned'],
  ['cancelled', 'cancelled'],
];

/** Milestones by status: one stacked bar, its numbers in words beside it for every reader. */
export function StatusBar({ counts, label }: { counts: MilestoneCounts; label?: string }) {
  const { t } = useTranslation();
  const parts = countShown.filter(([, kind]) => counts[kind] > 0);
  const words = parts.map(([status, kind]) => `${counts[kind]} ${t(`words:status.${status}`)}`).join(', ');
  return (
    <span className="status-bar" role="img" aria-label={`${label ? `${label}: ` : ''}${words || t('words:noMilestones')}`} title={words}>
      {parts.map(([status, kind]) => (
        <span key={status} className={`segment segment-${status}`} style={{ flexGrow: counts[kind] }} />
      ))}
    </span>
  );
}

export function StatusCounts({ counts }: { counts: MilestoneCounts }) {
  const { t } = useTranslation();
  return (
    <ul className="status-counts">
      {countShown
        .filter(([, kind]) => counts[kind] > 0)
        .map(([status, kind]) => (
          <li key={status} className={`status status-${status}`}>
            <StatusIcon status={status} />
            <span className="number">{counts[kind]}</span> {t(`words:status.${status}`)}
          </li>
        ))}
    </ul>
  );
}

/** The page's name in the tab and, for screen readers, as the first thing on arrival. */
export function usePageTitle(title: string | undefined): void {
  const { t } = useTranslation();
  const brand = t('words:brand');
  useEffect(() => {
    if (title) document.title = `${title} · ${brand}`;
  }, [title, brand]);
}

export function PageHead({ title, kicker, children, tags }: { title: string; kicker?: ReactNode; children?: ReactNode; tags?: ReactNode }) {
  usePageTitle(title);
  return (
    <header className="page-head">
      <div className="page-head-text">
        {kicker && <p className="kicker">{kicker}</p>}
        <h1 className={isErased(title) ? 'erased' : undefined}>
          {title} {tags}
        </h1>
      </div>
      {children && <div className="page-head-actions">{children}</div>}
    </header>
  );
}
