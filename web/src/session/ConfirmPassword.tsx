import { useEffect, useState } from 'react';
import { commands } from '../api/commands';
import { useSession } from '../api/session';
import { useTranslation } from '../i18n';
import { FormDialog } from '../ui/form';
import { PasswordField, Whose } from '../ui/password';

/** Asks for the password again, before what cannot be undone and before a session ends for good. */
export function ConfirmPassword({ lead, onConfirmed, onClose }: { lead: string; onConfirmed: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const [password, setPassword] = useState('');
  // Whoever is asked for one thing can write it at once.
  useEffect(() => document.getElementById('field-password')?.focus(), []);
  return (
    <FormDialog
      title={t('session:confirm.title')}
      action={t('session:confirm.action')}
      lacks={password ? {} : { password: t('session:confirm.lacks') }}
      send={() => commands.confirmPassword(password)}
      onDone={onConfirmed}
      onClose={onClose}
      testId="confirm"
    >
      {(complaint) => (
        <>
          <p className="dialog-lead">{lead}</p>
          <Whose signInName={session.signInName} />
          <PasswordField
            name="password"
            label={t('words:password.label')}
            error={complaint('password')}
            value={password}
            onChange={setPassword}
            testId="confirm-password"
          />
        </>
      )}
    </FormDialog>
  );
}
