import { useState } from 'react';
import { useTranslation } from '../i18n';
import { Field } from './pieces';

/** Fewest characters of a password that a person chooses. */
export const shortestPassword = 12;

/** A field for a password, which can be looked at while it is written. */
export function PasswordField({
  name,
  label,
  hint,
  error,
  value,
  onChange,
  isNew = false,
  testId,
}: {
  name: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  /** One that is chosen here: a keeper of passwords may propose it. */
  isNew?: boolean;
  testId: string;
}) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <Field name={name} label={label} hint={hint} error={error}>
      {(control) => (
        <div className="combo-box">
          <input
            {...control}
            required
            className="input"
            type={shown ? 'text' : 'password'}
            autoComplete={isNew ? 'new-password' : 'current-password'}
            maxLength={200}
            dir="ltr"
            spellCheck={false}
            value={value}
            data-testid={testId}
            onChange={(event) => onChange(event.target.value)}
          />
          <button type="button" className="combo-open wide" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? t('words:password.hide') : t('words:password.show')}
          </button>
        </div>
      )}
    </Field>
  );
}

/** Tells keepers of passwords, and nobody else, whose password is asked for. */
export const Whose = ({ signInName }: { signInName: string }) => (
  <input
    type="text"
    className="visually-hidden"
    name="username"
    autoComplete="username"
    value={signInName}
    readOnly
    tabIndex={-1}
    aria-hidden="true"
  />
);
