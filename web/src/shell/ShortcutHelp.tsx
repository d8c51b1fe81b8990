import { useState } from 'react';
import { useTranslation } from '../i18n';
import { Dialog } from '../ui/dialog';
import { setShortcuts, shortcutsOn } from './shortcuts';

const keys = [
  [['?'], 'help'],
  [['Ctrl', 'K'], 'search'],
  [['g', 'd'], 'desk'],
  [['g', 'w'], 'world'],
  [['g', 'p'], 'plans'],
  [['g', 'r'], 'requests'],
  [['g', 'm'], 'groups'],
  [['g', 'f'], 'feed'],
  [['g', 'a'], 'regions'],
  [['j', 'k'], 'rows'],
  [['u'], 'update'],
  [['d'], 'done'],
  [['Ctrl', '↵'], 'save'],
  [['r'], 'request'],
  [['Esc'], 'close'],
] as const;

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [on, setOn] = useState(shortcutsOn);
  return (
    <Dialog title={t('shell:keys.title')} onClose={onClose}>
      <div className="dialog-body stack">
        <label className="radio">
          <input
            type="checkbox"
            checked={on}
            onChange={(event) => {
              setShortcuts(event.target.checked);
              setOn(event.target.checked);
            }}
          />
          <span>{t('shell:keys.switch')}</span>
        </label>
        <dl className="key-list">
          {keys.map(([names, word]) => (
            <div key={word}>
              <dt>
                {names.map((name) => (
                  <kbd key={name}>{name}</kbd>
                ))}
              </dt>
              <dd>{t(`shell:keys.${word}`)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  );
}
