import type { ErrorComponentProps } from '@tanstack/react-router';
import { ApiError } from '../api/client';
import { useTranslation } from '../i18n';
import { Trouble } from '../ui/pieces';

/** A page that could not be shown. The rest of the dashboard stays. */
export function PageError({ error, reset }: ErrorComponentProps<unknown>) {
  const { t } = useTranslation();
  const outdated = /dynamically imported module|Importing a module/i.test(String(error));
  return (
    <div className="page narrow">
      {outdated ? (
        <div className="trouble" role="alert">
          <h2>{t('shell:outdated.title')}</h2>
          <p>{t('shell:outdated.help')}</p>
          <button type="button" className="button button-primary" onClick={() => window.location.reload()}>
            {t('shell:outdated.reload')}
          </button>
        </div>
      ) : (
        <Trouble
          error={error instanceof ApiError ? error : new ApiError({ status: 500, code: '', title: t('shell:broken') })}
          retry={reset}
        />
      )}
    </div>
  );
}
