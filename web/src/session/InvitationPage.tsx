import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiError, forgetSeen } from '../api/client';
import { useCommand } from '../api/command';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import type { Invitation } from '../api/types';
import { useLocale, useTranslation } from '../i18n';
import { Languages } from '../parts/page/Languages';
import { formatMoment } from '../ui/dates';
import { PasswordField, shortestPassword } from '../ui/password';
import { errorFor, Field, Loading, Trouble, usePageTitle } from '../ui/pieces';
import { unlessPrivate } from './model';

/** Where the link of an invitation leads: its person sees what it is for, chooses a password, and is signed in. */
export function InvitationPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  // Behind the number sign, which the browser sends to nobody.
  const [token, setToken] = useState(() => window.location.hash.slice(1));
  // Another link that is opened in the same window.
  useEffect(() => {
    const read = () => setToken(window.location.hash.slice(1));
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  const overheard = unlessPrivate();
  const { data: invitation, error: gone, refetch } = useQuery({ ...queries.invitation(token), enabled: overheard === null });
  const title = t(invitation?.resets ? 'session:invitation.resets' : 'session:invitation.title');
  usePageTitle(title);
  return (
    <main id="main" className="signin-alone" tabIndex={-1}>
      <div className="signin-card">
        <p className="brand">{t('words:brand')}</p>
        <h1>{title}</h1>
        {overheard ? (
          <Trouble error={overheard} />
        ) : gone ? (
          <Trouble error={gone} retry={gone instanceof ApiError && gone.status === 404 ? undefined : () => void refetch()} />
        ) : !invitation ? (
          <Loading />
        ) : (
          <>
            <p dir="auto">
              {t(invitation.resets ? 'session:invitation.resetsLead' : 'session:invitation.lead', {
                body: invitation.body.name,
                role: t(`words:role.${invitation.role}`),
              })}
            </p>
            <p className="hint">
              {t(invitation.resets ? 'session:invitation.resetsUntil' : 'session:invitation.until', {
                moment: formatMoment(invitation.expires, locale),
              })}
            </p>
            <Accept key={token} token={token} invitation={invitation} />
          </>
        )}
        <Languages />
      </div>
    </main>
  );
}

function Accept({ token, invitation }: { token: string; invitation: Invitation }) {
  const { signInName, displayName, resets } = invitation;
  const { t } = useTranslation();
  const router = useRouter();
  const client = useQueryClient();
  const [name, setName] = useState(displayName);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, error, run, retry } = useCommand();
  const isShort = [...password].length < shortestPassword;

  function submit() {
    setTried(true);
    if (isShort || !name.trim()) {
      document.getElementById(name.trim() ? 'field-password' : 'field-displayName')?.focus();
      return;
    }
    run(async () => {
      forgetSeen();
      const session = await commands.acceptInvitation(token, password, name.trim());
      client.clear();
      client.setQueryData(queries.session().queryKey, session);
      router.history.push('/');
    });
  }

  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Trouble error={error} retry={retry && submit} />
      <Field
        name="signInName"
        label={t('account:signInName')}
        hint={t(resets ? 'session:invitation.resetsNameHint' : 'session:invitation.nameHint')}
      >
        {(control) => <input {...control} readOnly dir="ltr" autoComplete="username" value={signInName} data-testid="invitation-account" />}
      </Field>
      <Field
        name="displayName"
        label={t('account:displayName')}
        hint={t('account:displayNameHint')}
        error={(tried && !name.trim() ? t('account:lacks.name') : undefined) ?? errorFor(error, 'displayName')}
      >
        {(control) => (
          <input
            {...control}
            required
            maxLength={200}
            dir="auto"
            autoComplete="name"
            value={name}
            data-testid="invitation-name"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <PasswordField
        name="password"
        label={t('session:invitation.password')}
        hint={t('account:newHint', { least: shortestPassword })}
        error={(tried && isShort ? t('account:lacks.new', { least: shortestPassword }) : undefined) ?? errorFor(error, 'password')}
        value={password}
        onChange={setPassword}
        isNew
        testId="invitation-password"
      />
      <button type="submit" className="button button-primary button-large" disabled={busy} data-testid="invitation-accept">
        {t(resets ? 'session:invitation.resetsAccept' : 'session:invitation.accept')}
      </button>
    </form>
  );
}
