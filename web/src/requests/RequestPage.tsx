import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { queries } from '../api/queries';
import { useLocale, useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { useFlash, useFollow } from '../live/react';
import { Waiting } from '../parts/page/Waiting';
import { PersonName } from '../parts/person/PersonName';
import { RequestClock, RequestState } from '../parts/request/RequestRow';
import { Verbs } from '../parts/request/Verbs';
import { formatAgo, formatDay, formatMoment } from '../ui/dates';
import { ExerciseBanner, ExerciseTag, PageHead } from '../ui/pieces';
import './requests.css';

const route = getRouteApi('/shell/requests/$id');

export function RequestPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { id } = route.useParams();
  const { data: request, error, refetch } = useQuery(queries.request(id));
  const flash = useFlash(`request/${id}`);
  useFollow(`request/${id}`);
  if (!request) return <Waiting error={error} retry={refetch} />;
  return (
    <div className="page" data-testid="request" data-request={request.id} data-status={request.status}>
      {request.exercise && <ExerciseBanner />}
      <PageHead
        title={request.subject}
        kicker={
          <Link to="/requests" search={{}}>
            {t('requests:title')}
          </Link>
        }
        tags={request.exercise && <ExerciseTag />}
      />
      <div className="columns columns-side">
        <div className="stack-large">
          <section className={flash ? 'card flash' : 'card'} aria-label={t('requests:thread')}>
            {request.text && (
              <p className={isErased(request.text) ? 'request-text erased' : 'request-text'} dir="auto">
                {request.text}
              </p>
            )}
            <ol className="thread">
              {request.thread.map((turn, at) => (
                <li key={at} className="turn" data-verb={turn.verb}>
                  <p className="turn-head">
                    <strong dir="auto">{turn.bodyName ?? t('feed:missing.bodyName')}</strong>{' '}
                    {t(`requests:turn.${turn.verb}` as never, { defaultValue: turn.verb })}
                    {turn.date && <span className="chip">{formatDay(turn.date, locale)}</span>}
                    {turn.ground && <span className="chip">{t(`words:ground.${turn.ground}`)}</span>}
                    <PersonName name={turn.actorName} body={turn.bodyName} />
                    <time dateTime={turn.at} title={formatMoment(turn.at, locale)}>
                      {formatAgo(turn.at, locale)}
                    </time>
                  </p>
                  {/* The request's own text stands above. Texts are not compared: those that were erased read the same. */}
                  {turn.text && turn.verb !== 'opened' && (
                    <p className={isErased(turn.text) ? 'erased' : undefined} dir="auto">
                      {turn.text}
                    </p>
                  )}
                </li>
              ))}
            </ol>
          </section>
          <section className="card" aria-labelledby="what-now">
            <h2 id="what-now">{t('requests:whatNow')}</h2>
            {request.verbs.length === 0 ? <p className="hint">{t('requests:nothingToDo')}</p> : <Verbs request={request} />}
          </section>
        </div>
        <aside className="card" aria-label={t('requests:facts')}>
          <p>
            <RequestState request={request} />
          </p>
          <p>
            <RequestClock request={request} />
          </p>
          <dl className="facts facts-column">
            <Fact name={t('requests:from')}>
              <Link to="/bodies/$id" params={{ id: request.from }} dir="auto">
                {request.fromName}
              </Link>
            </Fact>
            <Fact name={t('requests:to')}>
              {request.to.length > 0
                ? request.to.map((body, at) => (
                    <Link key={body} to="/bodies/$id" params={{ id: body }} dir="auto" className="block">
                      {request.toNames[at] ?? body}
                    </Link>
                  ))
                : t('requests:openCall', { region: request.region ?? '' })}
            </Fact>
            {request.holderName && <Fact name={t('requests:holder')}>{request.holderName}</Fact>}
            <Fact name={t('requests:kind')}>{t(`words:kind.${request.kind}`)}</Fact>
            {request.pillar && <Fact name={t('plans:pillar')}>{t(`words:pillar.${request.pillar}`)}</Fact>}
            <Fact name={t('requests:urgency')}>{t(`words:urgency.${request.urgency}`)}</Fact>
            <Fact name={t('requests:mark')}>{t(`words:mark.${request.mark}`)}</Fact>
            <Fact name={t('requests:openedAt')}>{formatMoment(request.openedAt, locale)}</Fact>
            {request.expiresAt && request.status === 'open' && (
              <Fact name={t('requests:expiresAt')}>{formatMoment(request.expiresAt, locale)}</Fact>
            )}
            {request.proposedDate && <Fact name={t('requests:proposedDate')}>{formatDay(request.proposedDate, locale)}</Fact>}
            {request.measure && (
              <Fact name={t('milestones:measure')}>
                <Link to="/plans/$id" params={{ id: request.measure.split('/')[0] ?? '' }} search={{}}>
                  {request.measure}
                </Link>
              </Fact>
            )}
            {request.agreement && <Fact name={t('requests:agreement')}>{request.agreement}</Fact>}
          </dl>
        </aside>
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
