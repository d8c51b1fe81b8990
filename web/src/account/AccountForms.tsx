import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import { useTranslation } from '../i18n';
import { FormDialog } from '../ui/form';
import { PasswordField, shortestPassword, Whose } from '../ui/password';
import { Field } from '../ui/pieces';

/** How one is shown to others. */
export function ChangeName({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const session = useSession();
  const [name, setName] = useState(session.displayName);
  return (
    <FormDialog
      title={t('account:changeName')}
      action={t('words:save')}
      content={name}
      lacks={name.trim() ? {} : { displayName: t('account:lacks.name') }}
      send={(key) => commands.nameAccount(session.account, name.trim(), key)}
      onDone={() => {
        for (const queryKey of [queries.session().queryKey, ['body']]) void client.invalidateQueries({ queryKey });
        onClose();
      }}
      onClose={onClose}
      testId="name"
    >
      {(complaint) => (
        <Field name="displayName" label={t('account:displayName')} hint={t('account:displayNameHint')} error={complaint('displayName')}>
          {(control) => (
            <input
              {...control}
              required
              maxLength={200}
              dir="auto"
              autoComplete="name"
              value={name}
              data-testid="own-name"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      )}
    </FormDialog>
  );
}

/** Another password for oneself. All other sessions end by it. */
export function ChangePassword({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const [current, setCurrent] = useState('');
  const [chosen, setChosen] = useState('');
  return (
    <FormDialog
      title={t('account:changePassword')}
      action={t('account:changePassword')}
      content={[current, chosen]}
      lacks={{
        ...(current ? {} : { current: t('account:lacks.current') }),
        ...([...chosen].length >= shortestPassword ? {} : { new: t('account:lacks.new', { least: shortestPassword }) }),
      }}
      send={() => commands.changePassword(current, chosen)}
      onDone={onDone}
      onClose={onClose}
      testId="password"
    >
      {(complaint) => (
        <>
          <p className="dialog-lead">{t('account:passwordLead')}</p>
          <Whose signInName={session.signInName} />
          <PasswordField
            name="current"
            label={t('account:current')}
            error={complaint('current')}
            value={current}
            onChange={setCurrent}
            testId="password-current"
          />
          <PasswordField
            name="new"
            label={t('account:new')}
            hint={t('account:newHint', { least: shortestPassword })}
            error={complaint('new')}
            value={chosen}
            onChange={setChosen}
            isNew
            testId="password-new"
          />
        </>
      )}
    </FormDialog>
  );
}
