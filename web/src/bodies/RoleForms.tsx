import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { commands } from '../api/commands';
import { useSession } from '../api/session';
import type { BodyDetail, InvitationReceipt, Person } from '../api/types';
import { useTranslation } from '../i18n';
import { InvitationLink } from '../parts/invitation/InvitationLink';
import { FormDialog } from '../ui/form';
import { Field } from '../ui/pieces';
import { accountName, grantedRoles, isAccountName, nameOf } from './model';

/** Gives a person a role. A person without a password yet gets a link, shown this once. */
export function GrantRole({ body, onClose }: { body: BodyDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [shown, setShown] = useState('');
  // An administrator gives a body its first coordinator, who gives all other roles.
  const administers = useSession().role === 'administrator';
  const [role, setRole] = useState<(typeof grantedRoles)[number]>(administers ? 'coordinator' : 'contributor');
  const [invited, setInvited] = useState<InvitationReceipt | null>(null);
  const account = accountName(typed);
  if (invited?.link)
    return (
      <InvitationLink
        title={t('bodies:invited', { name: shown.trim() || account })}
        link={invited.link}
        expires={invited.expires}
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title={t('bodies:grant')}
      action={t('bodies:grantAction')}
      lacks={isAccountName(account) ? {} : { account: t('bodies:lacks.account') }}
      send={(by) => commands.invite(body.id, { account, role, ...(shown.trim() ? { displayName: shown.trim() } : {}) }, by)}
      onDone={(receipt) => {
        void client.invalidateQueries({ queryKey: ['body', body.id] });
        if (receipt.link) setInvited(receipt);
        else onClose();
      }}
      onClose={onClose}
      testId="grant-role"
    >
      {(complaint) => (
        <>
          <p className="dialog-lead" dir="auto">
            {body.name}
          </p>
          <Field name="account" label={t('bodies:account')} hint={t('bodies:accountHint')} error={complaint('account')}>
            {(control) => (
              <input
                {...control}
                required
                maxLength={80}
                dir="ltr"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                value={typed}
                data-testid="grant-role-account"
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
          <Field
            name="displayName"
            label={t('bodies:displayName')}
            hint={t('bodies:displayNameHint')}
            optional
            error={complaint('displayName')}
          >
            {(control) => (
              <input
                {...control}
                maxLength={200}
                dir="auto"
                autoComplete="off"
                value={shown}
                data-testid="grant-role-name"
                onChange={(event) => setShown(event.target.value)}
              />
            )}
          </Field>
          <fieldset className="choices">
            <legend>{t('bodies:role')}</legend>
            {(administers ? (['coordinator'] as const) : grantedRoles).map((one) => (
              <label key={one} className="radio" data-testid={`grant-role-${one}`}>
                <input type="radio" name="granted-role" value={one} checked={role === one} onChange={() => setRole(one)} />
                <span>
                  {t(`words:role.${one}`)} <span className="hint">{t(`bodies:roleHint.${one}`)}</span>
                </span>
              </label>
            ))}
          </fieldset>
        </>
      )}
    </FormDialog>
  );
}

/** A new link for a person who has not used the one before, which opens nothing from then on. */
export function RenewInvitation({ body, person, onClose }: { body: BodyDetail; person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [invited, setInvited] = useState<InvitationReceipt | null>(null);
  if (invited?.link)
    return (
      <InvitationLink
        title={t('bodies:invited', { name: nameOf(person) })}
        link={invited.link}
        expires={invited.expires}
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title={t('bodies:newLink')}
      action={t('bodies:newLink')}
      send={(by) => commands.invite(body.id, { account: person.account }, by)}
      onDone={(receipt) => {
        void client.invalidateQueries({ queryKey: ['body', body.id] });
        if (receipt.link) setInvited(receipt);
        else onClose();
      }}
      onClose={onClose}
      testId="new-link"
    >
      {() => <p>{t('bodies:newLinkLead', { account: nameOf(person) })}</p>}
    </FormDialog>
  );
}

export function RevokeRole({ body, person, onClose }: { body: BodyDetail; person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  return (
    <FormDialog
      title={t('bodies:revoke')}
      action={t('bodies:revokeAction')}
      danger
      send={(by) => commands.revokeRole(body.id, person.account, by)}
      onDone={() => {
        void client.invalidateQueries({ queryKey: ['body', body.id] });
        if (person.account === session.account) void client.invalidateQueries({ queryKey: ['session'] });
        onClose();
      }}
      onClose={onClose}
      focusThen="people"
      testId="revoke-role"
    >
      {() => (
        <>
          <p>{t('bodies:revokeQuestion', { account: nameOf(person), role: t(`words:role.${person.role}`), body: body.name })}</p>
          {person.account === session.account && <p className="banner">{t('bodies:revokeOwn')}</p>}
        </>
      )}
    </FormDialog>
  );
}
