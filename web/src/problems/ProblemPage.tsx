import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from '../i18n';
import { Languages } from '../parts/page/Languages';
import { PageHead } from '../ui/pieces';
import { problemOf } from './model';

const route = getRouteApi('/problems/$code');

/** Where the `type` of a refusal leads: what it means, and what to do. */
export function ProblemPage() {
  return <ProblemDetails code={route.useParams().code} />;
}

export function ProblemDetails({ code }: { code: string }) {
  const { t } = useTranslation();
  const problem = problemOf(code);
  const statuses = problem?.statuses ?? [];
  return (
    <main id="main" tabIndex={-1}>
      <div className="page narrow">
        <PageHead
          title={problem ? statuses.map((status) => t(`explained:status.${status}.name` as never)).join(' · ') : t('explained:unknown')}
          kicker={
            <Link to="/problems" search={{}}>
              {t('explained:title')}
            </Link>
          }
        />
        <section className="card stack" data-testid="problem" data-known={problem !== undefined}>
          <dl className="facts">
            <div>
              <dt>{t('explained:code')}</dt>
              <dd>
                <code dir="ltr">{code}</code>
              </dd>
            </div>
            {problem && (
              <div>
                <dt>{t('explained:httpStatus')}</dt>
                <dd className="number">{statuses.join(' · ')}</dd>
              </div>
            )}
          </dl>
          <h2>{t('explained:meaning')}</h2>
          <p>{problem ? t(`problems:${code}` as never) : t('explained:unknownHelp')}</p>
          {statuses.length > 0 && <h2>{t('explained:toDo')}</h2>}
          {statuses.map((status) => (
            <p key={status}>{t(`explained:status.${status}.help` as never)}</p>
          ))}
        </section>
        <p className="actions">
          <Link to="/problems" search={{}} className="button">
            {t('explained:all')}
          </Link>
          <Link to="/" className="button">
            {t('shell:notFound.home')}
          </Link>
        </p>
        <Languages />
      </div>
    </main>
  );
}
