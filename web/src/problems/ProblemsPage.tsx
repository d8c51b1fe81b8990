import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from '../i18n';
import { Languages } from '../parts/page/Languages';
import { Empty, PageHead } from '../ui/pieces';
import { matching } from './model';

const route = getRouteApi('/problems');

/** Everything that the platform refuses with, by code. */
export function ProblemsPage() {
  const { text } = route.useSearch();
  const navigate = useNavigate();
  return (
    <ProblemList text={text ?? ''} onText={(text) => void navigate({ to: '/problems', search: text ? { text } : {}, replace: true })} />
  );
}

export function ProblemList({ text, onText }: { text: string; onText: (text: string) => void }) {
  const { t } = useTranslation();
  const found = matching(text, ({ code }) => t(`problems:${code}` as never));
  return (
    <main id="main" tabIndex={-1}>
      <div className="page">
        <PageHead title={t('explained:title')} kicker={<Link to="/">{t('words:brand')}</Link>} />
        <p className="hint lead">{t('explained:lead')}</p>
        <div className="filters" role="search" aria-label={t('words:filter')}>
          <label className="grow">
            <span>{t('explained:search')}</span>
            <input type="search" value={text} dir="auto" data-testid="problems-search" onChange={(event) => onText(event.target.value)} />
          </label>
        </div>
        <p className="count" role="status">
          {t('explained:count', { count: found.length })}
        </p>
        {found.length === 0 ? (
          <Empty title={t('explained:none')} />
        ) : (
          <section className="card" aria-label={t('explained:title')}>
            <ul className="rows">
              {found.map(({ code, statuses }) => (
                <li key={code} className="row" data-testid="problem-row" data-code={code}>
                  <div className="row-main">
                    <Link to="/problems/$code" params={{ code }} className="row-title">
                      <code dir="ltr">{code}</code>
                    </Link>
                    <p>{t(`problems:${code}` as never)}</p>
                  </div>
                  <div className="row-end">
                    {statuses.map((status) => (
                      <span key={status} className="chip">
                        <span className="number">{status}</span> {t(`explained:status.${status}.name` as never)}
                      </span>
                    ))}
                  </div>
                </li>
              ))}
            </ul>
          </section>
        )}
        <Languages />
      </div>
    </main>
  );
}
