import { Link } from '@tanstack/react-router';
import { useSession } from '../../api/session';
import type { FeedEntry } from '../../api/types';
import { useLocale, useTranslation } from '../../i18n';
import { isErased } from '../../i18n/erased';
import { formatAgo, formatMoment } from '../../ui/dates';
import { ExerciseTag } from '../../ui/pieces';
import { personOf } from '../person/model';
import { sentence, targetOf } from './model';

export function EntryLine({ entry, fresh, exercise = true }: { entry: FeedEntry; fresh?: boolean; exercise?: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { role } = useSession();
  const target = targetOf(entry);
  const person = personOf(t, entry.actorName, entry.data.bodyName);
  const said = sentence(entry, locale);
  const text = said ?? entry.summary;
  return (
    <article
      className={fresh ? 'entry entry-fresh' : 'entry'}
      data-testid="feed-entry"
      data-position={entry.position}
      data-type={entry.type}
      aria-labelledby={`entry-${entry.position}`}
      tabIndex={-1}
    >
      <span className={`entry-mark entry-${entry.subject.kind}`} aria-hidden="true" />
      <div className="entry-body">
        <p id={`entry-${entry.position}`} {...(said === undefined ? { dir: 'auto', lang: 'en' } : {})}>
          {target ? (
            <Link {...target} className="entry-link">
              {text}
            </Link>
          ) : (
            text
          )}
        </p>
        {entry.data.text && entry.type !== 'group.formed' && (
          <p className={isErased(entry.data.text) ? 'entry-text erased' : 'entry-text'} dir="auto">
            {entry.data.text}
          </p>
        )}
        <p className="entry-meta">
          <time dateTime={entry.at} title={formatMoment(entry.at, locale)}>
            {formatAgo(entry.at, locale)}
          </time>
          {person && <span dir="auto">{person}</span>}
          <span>{t(`words:subject.${entry.subject.kind}` as never, { defaultValue: entry.subject.kind })}</span>
          {entry.mark !== 'community' && <span>{t(`words:mark.${entry.mark}`)}</span>}
          {exercise && entry.exercise && <ExerciseTag />}
          {/* Texts are erased by the positions of their entries. */}
          {role === 'administrator' && <span className="number">{t('feed:number', { number: entry.position })}</span>}
        </p>
      </div>
    </article>
  );
}
