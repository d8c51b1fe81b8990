import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox, type Key } from 'react-aria-components/ComboBox';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { ApiError, forgetSeen } from '../api/client';
import { useCommand } from '../api/command';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import { useTranslation } from '../i18n';
import { Languages } from '../parts/page/Languages';
import { PasswordField } from '../ui/password';
import { ExerciseTag, Trouble, usePageTitle } from '../ui/pieces';
import { isOutside, safeNext, sortAccounts, unlessPrivate } from './model';

const route = getRouteApi('/signin');

export function SignInPage() {
  const { next } = route.useSearch();
  return <SignIn next={next} />;
}

export function SignIn({ next }: { next?: string | undefined }) {
  const { t } = useTranslation();
  const router = useRouter();
  const client = useQueryClient();
  const { data: demonstration } = useQuery(queries.demonstration());
  const accounts = useMemo(() => sortAccounts(demonstration?.items ?? []), [demonstration]);
  const [account, setAccount] = useState('');
  const [password, setPassword] = useState('');
  const { busy, error: refused, run, retry, clear } = useCommand();
  // What keeps a sign-in from being sent.
  const [lack, setLack] = useState(unlessPrivate);
  const error = lack ?? refused;
  usePageTitle(t('session:title'));

  function submit() {
    if (!account.trim() || !password) {
      clear();
      setLack(new ApiError({ status: 400, code: 'session.incomplete', detail: t('session:incomplete') }));
      return;
    }
    setLack(null);
    run(async () => {
      forgetSeen();
      const session = await commands.signIn(account.trim(), password);
      client.clear();
      client.setQueryData(queries.session().queryKey, session);
      const to = safeNext(next);
      if (isOutside(to)) window.location.assign(to);
      else router.history.push(to);
    });
  }

  const locked = error instanceof ApiError && error.status === 429;
  return (
    <div className="signin">
      <div className="signin-picture" aria-hidden="true">
        <svg aria-hidden="true" viewBox="0 0 400 400" preserveAspectRatio="xMidYMid slice">
          <g className="signin-lines">
            <path d="M40 300 C120 240 130 160 200 130 S330 120 370 60 M200 130 C230 200 300 220 350 290 M40 300 C120 320 240 340 350 290 M110 90 C150 110 170 120 200 130 M110 90 C70 160 50 220 40 300" />
          </g>
          <g className="signin-dots">
            <circle cx="40" cy="300" r="10" />
            <circle cx="200" cy="130" r="14" />
            <circle cx="370" cy="60" r="8" />
            <circle cx="350" cy="290" r="11" />
            <circle cx="110" cy="90" r="8" />
          </g>
        </svg>
      </div>
      <main id="main" className="signin-card" tabIndex={-1}>
        <p className="brand">{t('words:brand')}</p>
        <h1>{t('session:title')}</h1>
        <p className="hint">{t('session:lead')}</p>
        <Trouble error={error} retry={retry && submit} />
        {locked && error instanceof ApiError && error.retryAfter && (
          <p className="hint">{t('session:wait', { count: Math.ceil(error.retryAfter / 60) })}</p>
        )}
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <ComboBox
            className="combo field"
            allowsCustomValue
            menuTrigger="focus"
            inputValue={account}
            onInputChange={setAccount}
            onSelectionChange={(key: Key | null) => key !== null && setAccount(String(key))}
            defaultItems={accounts}
          >
            <Label>{t('session:account')}</Label>
            <div className="combo-box">
              <Input
                className="input"
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck="false"
                dir="ltr"
                data-testid="signin-account"
              />
              {accounts.length > 0 && (
                <Button className="combo-open" aria-label={t('session:choose')}>
                  <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
                    <path d="M2 4 6 8 10 4" fill="none" stroke="currentColor" strokeWidth="1.6" />
                  </svg>
                </Button>
              )}
            </div>
            <Popover className="popover combo-list">
              <ListBox<(typeof accounts)[number]> className="menu">
                {(one) => (
                  <ListBoxItem id={one.account} textValue={one.account} className="menu-item account-item" data-account={one.account}>
                    <span dir="auto">{one.name}</span>
                    <span className="hint">
                      <code>{one.account}</code>
                      {one.kind && ` · ${t(`words:bodyKind.${one.kind}`)}`}
                    </span>
                    {one.exercise && <ExerciseTag />}
                  </ListBoxItem>
                )}
              </ListBox>
            </Popover>
          </ComboBox>
          <PasswordField
            name="password"
            label={t('words:password.label')}
            hint={accounts.length > 0 ? t('session:where') : undefined}
            value={password}
            onChange={setPassword}
            testId="signin-password"
          />
          <button
            type="submit"
            className="button button-primary button-large"
            disabled={busy || unlessPrivate() !== null}
            data-testid="signin-submit"
          >
            {t('session:submit')}
          </button>
        </form>
        <details className="signin-lost" data-testid="signin-lost">
          <summary>{t('session:lost.title')}</summary>
          <p className="hint">{t('session:lost.text')}</p>
        </details>
        <Languages />
      </main>
    </div>
  );
}
