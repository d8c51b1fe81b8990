import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { commands } from '../../api/commands';
import { useTranslation } from '../../i18n';
import { FormDialog } from '../../ui/form';
import { Field } from '../../ui/pieces';

/** How a person is shown to others: changed by the person, or by an administrator. */
export function NameDialog({
  account,
  name: before,
  isOwn,
  onClose,
}: {
  account: string;
  name: string;
  isOwn: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(before);
  return (
    <FormDialog
      title={isOwn ? t('account:changeName') : t('accounts:renameNamed', { name: before })}
      action={t('words:save')}
      lacks={name.trim() ? {} : { displayName: t('account:lacks.name') }}
      send={async (by) => {
        // What has not changed is not told to anybody.
        if (name.trim() !== before) await commands.nameAccount(account, name.trim(), by);
      }}
      onDone={() => {
        for (const queryKey of [['session'], ['body'], ['accounts']]) void client.invalidateQueries({ queryKey });
        onClose();
      }}
      onClose={onClose}
      testId="name"
    >
      {(complaint) => (
        <Field
          name="displayName"
          label={t('account:displayName')}
          hint={isOwn ? t('account:displayNameHint') : undefined}
          error={complaint('displayName')}
        >
          {(control) => (
            <input
              {...control}
              required
              maxLength={200}
              dir="auto"
              autoComplete={isOwn ? 'name' : 'off'}
              value={name}
              data-testid="person-name"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      )}
    </FormDialog>
  );
}
