import { Link } from '@tanstack/react-router';
import type { BodyDetail, LeftOpen as Left } from '../api/types';
import { useLocale, useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { formatAgo, formatMoment } from '../ui/dates';

/** What former members left open for the body: somebody of its people has to take it up. */
export function LeftOpen({ body }: { body: BodyDetail }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (body.leftOpen.length === 0) return null;
  return (
    <section className="card" aria-labelledby="left-open" data-testid="left-open">
      <h2 id="left-open">{t('bodies:leftOpen')}</h2>
      <p className="hint">{t('bodies:leftOpenHint')}</p>
      <ul className="rows">
        {body.leftOpen.map((left) => (
          <li
            key={`${left.kind} ${left.subject.id} ${left.part ?? ''} ${left.since}`}
            className="row"
            data-testid="left-open-item"
            data-kind={left.kind}
          >
            <div className="row-main">
              <Title left={left} />
              <p className="row-meta">
                <span className="chip">{t(`bodies:leftOpenKind.${left.kind}`)}</span>
                <span className="hint" dir="auto">
                  {left.name ?? t('words:formerMember', { body: body.name })}
                </span>
                <time dateTime={left.since} title={formatMoment(left.since, locale)}>
                  {formatAgo(left.since, locale)}
                </time>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Title({ left }: { left: Left }) {
  const look = isErased(left.title) ? 'row-title erased' : 'row-title';
  return left.subject.kind === 'plan' ? (
    <Link to="/plans/$id" params={{ id: left.subject.id }} search={left.part ? { m: left.part } : {}} className={look} dir="auto">
      {left.title}
    </Link>
  ) : (
    <Link to="/requests/$id" params={{ id: left.subject.id }} className={look} dir="auto">
      {left.title}
    </Link>
  );
}
