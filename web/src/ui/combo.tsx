import { type ReactNode, useState } from 'react';
import { ComboBox } from 'react-aria-components/ComboBox';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Text } from 'react-aria-components/Text';
import { useTranslation } from '../i18n';

/** One of a long list, found by typing a part of it. */
export function Combo<T extends { id: string }>({
  name,
  label,
  hint,
  error,
  optional,
  placeholder,
  choices,
  textOf,
  value,
  onChange,
  clears = false,
  typed,
  onType,
  testId,
  children,
}: {
  name: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  optional?: boolean;
  placeholder?: string;
  choices: Iterable<T>;
  /** What typing is matched to, and what stands in the field. */
  textOf: (choice: T) => string;
  value: string | null;
  onChange: (id: string | null) => void;
  /** Empties itself after each choice, for the next one. */
  clears?: boolean;
  /** What stands in the field, where the choices are those that somebody else finds for it. */
  typed?: string;
  onType?: (text: string) => void;
  testId: string;
  children?: (choice: T) => ReactNode;
}) {
  const { t } = useTranslation();
  const [own, setOwn] = useState('');
  return (
    <div className={error ? 'field field-wrong' : 'field'}>
      <ComboBox
        className="combo"
        menuTrigger="focus"
        {...(onType ? { items: choices } : { defaultItems: choices })}
        value={value}
        {...(onType ? { inputValue: typed ?? '', onInputChange: onType } : clears ? { inputValue: own, onInputChange: setOwn } : {})}
        onChange={(chosen) => {
          setOwn('');
          onChange(chosen === null ? null : String(chosen));
        }}
        isInvalid={error !== undefined}
      >
        <Label>
          {label} {optional && <span className="optional">{t('words:optional')}</span>}
        </Label>
        {hint && (
          <Text slot="description" className="hint">
            {hint}
          </Text>
        )}
        {error && (
          <Text slot="errorMessage" className="wrong">
            {error}
          </Text>
        )}
        <div className="combo-box">
          <Input id={`field-${name}`} className="input" dir="auto" {...(placeholder ? { placeholder } : {})} data-testid={testId} />
        </div>
        <Popover className="popover combo-list">
          <ListBox<T> className="menu">
            {(choice) => (
              <ListBoxItem id={choice.id} textValue={textOf(choice)} className="menu-item account-item" data-choice={choice.id}>
                {children ? children(choice) : <span dir="auto">{textOf(choice)}</span>}
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
    </div>
  );
}
