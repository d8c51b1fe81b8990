import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { changeLanguage, type Language, languages, useLocale, useTranslation } from '../i18n';
import { icons } from './icons';

export function LanguageMenu() {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <MenuTrigger>
      <Button
        className="button button-quiet menu-button"
        aria-label={`${locale.toUpperCase()} – ${t('shell:language')}: ${languages[locale]}`}
        data-testid="language"
      >
        {icons.language}
        <span className="menu-button-words" lang={locale}>
          {locale.toUpperCase()}
        </span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          aria-label={t('shell:language')}
          selectionMode="single"
          selectedKeys={[locale]}
          onAction={(key) => void changeLanguage(key as Language)}
        >
          {Object.entries(languages).map(([code, name]) => (
            <MenuItem key={code} id={code} className="menu-item" textValue={name}>
              <span lang={code}>{name}</span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
