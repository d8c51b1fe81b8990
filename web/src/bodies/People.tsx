import { lazy, Suspense, useState } from 'react';
import { useSession } from '../api/session';
import type { BodyDetail, Person } from '../api/types';
import { useTranslation } from '../i18n';
import { ResetDialog } from '../parts/reset/ResetDialog';
import { Sessions } from '../parts/session/Sessions';
import { Dialog } from '../ui/dialog';
import { nameOf } from './model';

const GrantRole = lazy(() => import('./RoleForms').then((module) => ({ default: module.GrantRole })));
const RenewInvitation = lazy(() => import('./RoleForms').then((module) => ({ default: module.RenewInvitation })));
const RevokeRole = lazy(() => import('./RoleForms').then((module) => ({ default: module.RevokeRole })));

/** The accounts that have a role in a body: shown to its own people, changed by its coordinators. */
export function People({ body }: { body: BodyDetail }) {
  const { t } = useTranslation();
  // The form that is open: to grant a role, or to take this person's.
  const [form, setForm] = useState<'grant' | Person | null>(null);
  const [watched, setWatched] = useState<Person | null>(null);
  const [renewed, setRenewed] = useState<Person | null>(null);
  const [lost, setLost] = useState<Person | null>(null);
  const session = useSession();
  const grants = body.verbs.includes('grant-role');
  const first = grants && body.coordinators === 0;
  // An administrator opens the door once; from then on the body does.
  const invites = first || body.verbs.includes('change-profile');
  const close = () => setForm(null);
  if (body.people.length === 0 && !grants) return null;
  return (
    <section className="card" aria-labelledby="people">
      <div className="card-head">
        <h2 id="people" tabIndex={-1}>
          {t('bodies:people')}
        </h2>
        {invites && (
          <button
            type="button"
            className={first ? 'button button-primary' : 'button button-small'}
            onClick={() => setForm('grant')}
            data-testid="grant-role"
          >
            {first ? t('bodies:inviteFirst') : t('bodies:grant')}
          </button>
        )}
      </div>
      {body.people.length === 0 ? (
        <p className="hint">{first ? t('bodies:firstCoordinator') : t('bodies:noPeople')}</p>
      ) : (
        <ul className="member-list">
          {body.people.map((person) => (
            <li key={person.account} data-account={person.account} data-testid="person">
              <span>
                <span dir="auto">{nameOf(person)}</span>{' '}
                {person.signInName && person.signInName !== person.name && <code>{person.signInName}</code>}{' '}
                <span className="hint">{t(`words:role.${person.role}`)}</span>{' '}
                {person.isInvited && <span className="tag">{t('bodies:notYetHere')}</span>}{' '}
                {person.reset && <span className="tag">{t('bodies:reset.pending')}</span>}
              </span>
              {grants && (
                <span className="row-end">
                  {person.isInvited ? (
                    <button
                      type="button"
                      className="link-button"
                      aria-label={t('bodies:newLinkNamed', { account: nameOf(person) })}
                      onClick={() => setRenewed(person)}
                      data-testid="person-new-link"
                    >
                      {t('bodies:newLink')}
                    </button>
                  ) : (
                    <button
                      type="button"
                      className="link-button"
                      aria-label={t('bodies:sessionsNamed', { account: nameOf(person) })}
                      onClick={() => setWatched(person)}
                      data-testid="person-sessions"
                    >
                      {t('bodies:sessions')}
                    </button>
                  )}
                  {!person.isInvited && person.account !== session.account && (person.reset || session.role === 'coordinator') && (
                    <button
                      type="button"
                      className="link-button"
                      aria-label={t('bodies:reset.actionNamed', { account: nameOf(person) })}
                      onClick={() => setLost(person)}
                      data-testid="person-reset"
                    >
                      {t('bodies:reset.action')}
                    </button>
                  )}
                  <button
                    type="button"
                    className="link-button"
                    aria-label={t('bodies:revokeNamed', { account: nameOf(person) })}
                    onClick={() => setForm(person)}
                    data-testid="revoke-role"
                  >
                    {t('bodies:revokeAction')}
                  </button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {renewed && (
        <Suspense>
          <RenewInvitation body={body} person={renewed} onClose={() => setRenewed(null)} />
        </Suspense>
      )}
      {lost && <ResetDialog account={lost.account} name={nameOf(lost)} reset={lost.reset} onClose={() => setLost(null)} />}
      {watched && (
        <Dialog title={t('bodies:sessionsNamed', { account: nameOf(watched) })} onClose={() => setWatched(null)}>
          <div className="dialog-body stack">
            <p className="hint">{t('bodies:sessionsHint')}</p>
            <Sessions account={watched.account} />
          </div>
        </Dialog>
      )}
      {form !== null && (
        <Suspense>
          {form === 'grant' ? <GrantRole body={body} onClose={close} /> : <RevokeRole body={body} person={form} onClose={close} />}
        </Suspense>
      )}
    </section>
  );
}
