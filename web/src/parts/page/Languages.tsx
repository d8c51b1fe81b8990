import { changeLanguage, type Language, languages, useLocale, useTranslation } from '../../i18n';

/** The choice of a language where nobody has to be signed in. */
export function Languages() {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <nav className="signin-languages" aria-label={t('session:languages')}>
      {Object.entries(languages).map(([code, name]) => (
        <button
          key={code}
          type="button"
          lang={code}
          className="link-button"
          aria-current={code === locale ? 'true' : undefined}
          onClick={() => void changeLanguage(code as Language)}
        >
          {name}
        </button>
      ))}
    </nav>
  );
}
