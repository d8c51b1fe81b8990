import { useNavigate } from '@tanstack/react-router';
import { Button } from 'react-aria-components/Button';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { commands } from '../api/commands';
import { useSession } from '../api/session';
import { useTranslation } from '../i18n';
import { icons } from './icons';

export function AccountMenu({ onLeave, onHelp }: { onLeave: () => void; onHelp: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const session = useSession();

  const shown = session.body?.acronym ?? session.body?.name ?? session.name;

  async function act(key: string) {
    if (key === 'help') onHelp();
    else if (key === 'body' && session.body) void navigate({ to: '/bodies/$id', params: { id: session.body.id } });
    else if (key === 'bodies') void navigate({ to: '/bodies', search: {} });
    else if (key === 'out') {
      await commands.signOut().catch(() => undefined);
      onLeave();
      await navigate({ to: '/signin', search: {} });
    }
  }

  return (
    <MenuTrigger>
      <Button
        className="button button-quiet menu-button"
        aria-label={`${shown} – ${t('shell:account', { name: session.name })}`}
        data-testid="account"
      >
        {icons.person}
        <span className="menu-button-words account-name">{shown}</span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={t('shell:account', { name: session.name })} onAction={(key) => void act(String(key))}>
          <MenuSection>
            <Header className="menu-head">
              <strong dir="auto">{session.name}</strong>
              <span dir="auto">
                {session.body?.name} · {t(`words:role.${session.role}`)}
              </span>
            </Header>
            {session.body && (
              <MenuItem id="body" className="menu-item">
                {t('shell:myBody')}
              </MenuItem>
            )}
            <MenuItem id="bodies" className="menu-item">
              {t('shell:allBodies')}
            </MenuItem>
            <MenuItem id="help" className="menu-item">
              {t('shell:keys.title')}
            </MenuItem>
            <MenuItem id="out" className="menu-item" data-testid="sign-out">
              {t('shell:signOut')}
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
