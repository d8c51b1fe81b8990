import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import type { AccountSummary } from '../api/types';
import { useTranslation } from '../i18n';
import { More, Shown } from '../parts/list/More';
import { SearchField } from '../parts/list/SearchField';
import { useList } from '../parts/list/useList';
import { NameDialog } from '../parts/person/NameDialog';
import { ResetDialog } from '../parts/reset/ResetDialog';
import { Sessions } from '../parts/session/Sessions';
import { Dialog } from '../ui/dialog';
import { FormDialog } from '../ui/form';
import { Empty, Field, Loading, PageHead, Trouble } from '../ui/pieces';

const route = getRouteApi('/shell/accounts');

/** The account that the platform is installed with: it stays. */
const builtIn = 'administrator';

type Doing = { what: 'sessions' | 'rename' | 'erase' | 'reset'; account: AccountSummary };

/** All accounts, for administrators. */
export function AccountsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = route.useSearch();
  const list = useList(queries.accounts({ ...search }), (account) => account.account);
  const accounts = list.items ?? [];
  const set = (part: { q?: string; resets?: true | undefined }) =>
    void navigate({
      to: '/accounts',
      search: Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value)),
      replace: true,
    });
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  return (
    <div className="page">
      <PageHead title={t('accounts:title')} />
      <p className="hint lead">{t('accounts:lead')}</p>
      <div className="filters" role="search" aria-label={t('words:filter')}>
        <SearchField value={search.q} onChange={(q) => set({ q })} label={t('accounts:search')} testId="accounts-search" />
        <label className="check">
          <input
            type="checkbox"
            checked={search.resets ?? false}
            data-testid="accounts-resets"
            onChange={(event) => set({ resets: event.target.checked || undefined })}
          />
          <span>{t('accounts:resets')}</span>
        </label>
      </div>
      {/* It is read again and again: whoever types is not taken away for it. */}
      <Trouble error={list.error} retry={list.again} focus={!list.items} />
      {!list.items && !list.error && <Loading lines={8} />}
      {list.items && <Shown list={list} all={t('accounts:count', { count: list.total })} id="accounts-count" />}
      {list.items && accounts.length === 0 && (
        <Empty title={t('accounts:none')}>
          {(search.q || search.resets) && (
            <Link to="/accounts" search={{}} className="button">
              {t('words:clearFilters')}
            </Link>
          )}
        </Empty>
      )}
      {accounts.length > 0 && (
        <section className="card" aria-label={t('accounts:title')}>
          <ul className="rows">
            {accounts.map((account) => (
              <Row key={account.account} account={account} onDo={(what) => setDoing({ what, account })} />
            ))}
          </ul>
          <More list={list} testId="accounts-more" />
        </section>
      )}
      {doing?.what === 'sessions' && (
        <Dialog title={t('accounts:sessionsNamed', { name: doing.account.displayName })} onClose={close}>
          <div className="dialog-body stack">
            <p className="hint">{t('accounts:sessionsHint')}</p>
            <Sessions account={doing.account.account} />
          </div>
        </Dialog>
      )}
      {doing?.what === 'reset' && (
        <ResetDialog account={doing.account.account} name={doing.account.displayName} reset={doing.account.reset} onClose={close} />
      )}
      {doing?.what === 'rename' && (
        <NameDialog account={doing.account.account} name={doing.account.displayName} isOwn={false} onClose={close} />
      )}
      {doing?.what === 'erase' && <Erase account={doing.account} onClose={close} />}
    </div>
  );
}

function Row({ account, onDo }: { account: AccountSummary; onDo: (what: Doing['what']) => void }) {
  const { t } = useTranslation();
  const name = account.displayName;
  return (
    <li className="row" data-testid="account-row" data-account={account.account}>
      <div className="row-main">
        <span className="row-title" dir="auto">
          {name}
        </span>{' '}
        {account.signInName !== name && <code dir="ltr">{account.signInName}</code>}{' '}
        {account.isInvited && <span className="tag">{t('accounts:invited')}</span>}{' '}
        {account.reset && <span className="tag">{t('bodies:reset.pending')}</span>}
        <p className="row-meta">
          {account.bodies.length === 0 && <span>{t(account.account === builtIn ? 'accounts:builtIn' : 'accounts:noBody')}</span>}
          {account.bodies.map((body) => (
            <span key={body.id}>
              <Link to="/bodies/$id" params={{ id: body.id }} dir="auto">
                {body.name}
              </Link>{' '}
              <span className="hint">{t(`words:role.${body.role}`)}</span>
            </span>
          ))}
        </p>
      </div>
      <div className="row-end">
        <Link
          to="/security"
          search={{ account: account.account }}
          className="link-button"
          aria-label={t('accounts:logNamed', { name })}
          data-testid="account-log"
        >
          {t('accounts:log')}
        </Link>
        {!account.isInvited && (
          <button
            type="button"
            className="link-button"
            aria-label={t('accounts:sessionsNamed', { name })}
            onClick={() => onDo('sessions')}
            data-testid="account-sessions"
          >
            {t('accounts:sessions')}
          </button>
        )}
        {account.reset && (
          <button
            type="button"
            className="link-button"
            aria-label={t('bodies:reset.actionNamed', { account: name })}
            onClick={() => onDo('reset')}
            data-testid="account-reset"
          >
            {t('bodies:reset.action')}
          </button>
        )}
        <button
          type="button"
          className="link-button"
          aria-label={t('accounts:renameNamed', { name })}
          onClick={() => onDo('rename')}
          data-testid="account-rename"
        >
          {t('accounts:rename')}
        </button>
        {account.account !== builtIn && (
          <button
            type="button"
            className="link-button"
            aria-label={t('accounts:eraseNamed', { name })}
            onClick={() => onDo('erase')}
            data-testid="account-erase"
          >
            {t('accounts:erase')}
          </button>
        )}
      </div>
    </li>
  );
}

function useAccountsChanged(): () => void {
  const client = useQueryClient();
  return () => {
    for (const queryKey of [['accounts'], ['body'], ['session']]) void client.invalidateQueries({ queryKey });
  };
}

/** It cannot be undone, so the name is typed first. */
function Erase({ account, onClose }: { account: AccountSummary; onClose: () => void }) {
  const { t } = useTranslation();
  const changed = useAccountsChanged();
  const [typed, setTyped] = useState('');
  return (
    <FormDialog
      title={t('accounts:eraseNamed', { name: account.displayName })}
      action={t('accounts:erase')}
      danger
      lacks={typed.trim() === account.signInName ? {} : { typed: t('accounts:lacks.typed') }}
      send={(by) => commands.eraseAccount(account.account, by)}
      onDone={() => {
        changed();
        onClose();
      }}
      onClose={onClose}
      focusThen="accounts-count"
      testId="erase-account"
    >
      {(complaint) => (
        <>
          <p>{t('accounts:eraseQuestion', { name: account.displayName })}</p>
          <Field name="typed" label={t('accounts:eraseType', { signInName: account.signInName })} error={complaint('typed')}>
            {(control) => (
              <input
                {...control}
                required
                dir="ltr"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                value={typed}
                data-testid="erase-account-typed"
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
        </>
      )}
    </FormDialog>
  );
}
