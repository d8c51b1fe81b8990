import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import { changeLanguage, type Language, languages, useLocale, useTranslation } from '../i18n';
import { Sessions } from '../parts/session/Sessions';
import { PageHead } from '../ui/pieces';

const NameDialog = lazy(() => import('../parts/person/NameDialog').then((module) => ({ default: module.NameDialog })));
const ChangePassword = lazy(() => import('./AccountForms').then((module) => ({ default: module.ChangePassword })));

/** What a person sees to oneself: name, password, language, bodies, and the devices on which one is signed in. */
export function AccountPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const session = useSession();
  const [form, setForm] = useState<'name' | 'password' | null>(null);
  const [changed, setChanged] = useState(false);
  const close = () => setForm(null);
  return (
    <div className="page">
      <PageHead title={t('account:title')} kicker={session.displayName} />
      <div className="columns columns-side">
        <div className="stack">
          <section className="card" aria-labelledby="signed-in">
            <h2 id="signed-in">{t('session:sessions.title')}</h2>
            <p className="hint">{t('account:sessionsHint')}</p>
            <Sessions account={session.account} />
          </section>
        </div>
        <div className="stack">
          <section className="card" aria-labelledby="own-account">
            <h2 id="own-account" tabIndex={-1}>
              {t('account:own')}
            </h2>
            <dl className="facts facts-column">
              <div>
                <dt>{t('account:displayName')}</dt>
                <dd>
                  <bdi>{session.displayName}</bdi>{' '}
                  <button type="button" className="link-button" onClick={() => setForm('name')} data-testid="change-name">
                    {t('account:change')}
                  </button>
                </dd>
              </div>
              <div>
                <dt>{t('account:signInName')}</dt>
                <dd>
                  <code dir="ltr">{session.signInName}</code>
                </dd>
              </div>
              <div>
                <dt>{t('words:password.label')}</dt>
                <dd>
                  <button type="button" className="link-button" onClick={() => setForm('password')} data-testid="change-password">
                    {t('account:changePassword')}
                  </button>
                  <span className="hint" role="status">
                    {changed && t('account:passwordChanged')}
                  </span>
                </dd>
              </div>
            </dl>
          </section>
          <section className="card" aria-labelledby="own-language">
            <h2 id="own-language">{t('account:language')}</h2>
            <fieldset className="choices">
              <legend className="visually-hidden">{t('account:language')}</legend>
              {Object.entries(languages).map(([code, name]) => (
                <label key={code} className="radio">
                  <input
                    type="radio"
                    name="language"
                    value={code}
                    checked={code === locale}
                    onChange={() => void changeLanguage(code as Language)}
                  />
                  <span lang={code}>{name}</span>
                </label>
              ))}
            </fieldset>
          </section>
          {session.bodies.length > 0 && (
            <section className="card" aria-labelledby="own-bodies">
              <h2 id="own-bodies">{t('account:bodies')}</h2>
              <ul className="member-list">
                {session.bodies.map((body) => (
                  <li key={body.id}>
                    <Link to="/bodies/$id" params={{ id: body.id }} dir="auto">
                      {body.name}
                    </Link>
                    <span className="hint">{t(`words:role.${body.role}`)}</span>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      </div>
      {form !== null && (
        <Suspense>
          {form === 'name' ? (
            <NameDialog account={session.account} name={session.displayName} isOwn onClose={close} />
          ) : (
            <ChangePassword
              onClose={close}
              onDone={() => {
                setChanged(true);
                void client.invalidateQueries(queries.sessions(session.account));
                close();
              }}
            />
          )}
        </Suspense>
      )}
    </div>
  );
}
