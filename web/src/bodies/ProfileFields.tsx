import { useMemo } from 'react';
import { useTranslation } from '../i18n';
import { Combo } from '../ui/combo';
import { Field } from '../ui/pieces';
import { timeZones } from './model';

/** What a body is asked both when it is admitted and later. */
interface Asked<T> {
  value: T;
  onChange: (value: T) => void;
  error: string | undefined;
  testId: string;
}

export function NameField(asked: Asked<string>) {
  const { t } = useTranslation();
  return <Line {...asked} name="name" label={t('bodies:name')} longest={300} />;
}

export function AcronymField(asked: Asked<string>) {
  const { t } = useTranslation();
  return <Line {...asked} name="acronym" label={t('bodies:acronym')} longest={40} optional />;
}

function Line({
  name,
  label,
  longest,
  optional,
  value,
  onChange,
  error,
  testId,
}: Asked<string> & { name: string; label: string; longest: number; optional?: boolean }) {
  return (
    <Field name={name} label={label} optional={optional ?? false} error={error}>
      {(control) => (
        <input
          {...control}
          required={!optional}
          maxLength={longest}
          dir="auto"
          autoComplete="off"
          value={value}
          data-testid={testId}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** @param own The zone that the body has: once stated, it is not left out any more. */
export function TimeZoneField({ value, onChange, error, testId, own }: Asked<string | null> & { own: string | null }) {
  const { t } = useTranslation();
  const zones = useMemo(() => timeZones(Intl.supportedValuesOf('timeZone'), own), [own]);
  return (
    <Combo
      name="timeZone"
      label={t('bodies:timeZone')}
      hint={t('bodies:timeZoneHint')}
      optional={own === null}
      error={error}
      placeholder={t('bodies:timeZoneFind')}
      choices={zones}
      textOf={(zone) => zone.name}
      value={value}
      onChange={onChange}
      testId={testId}
    />
  );
}
