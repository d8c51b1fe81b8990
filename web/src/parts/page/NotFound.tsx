import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../i18n';
import { PageHead } from '../../ui/pieces';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="page narrow">
      <PageHead title={t('shell:notFound.title')} />
      <p>{t('shell:notFound.help')}</p>
      <p>
        <Link to="/" className="button button-primary">
          {t('shell:notFound.home')}
        </Link>
      </p>
    </div>
  );
}
