import { useState } from 'react';
import { commands } from '../api/commands';
import { useSession } from '../api/session';
import { useTranslation } from '../i18n';
import { FormDialog } from '../ui/form';
import { PasswordField, shortestPassword, Whose } from '../ui/password';

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
