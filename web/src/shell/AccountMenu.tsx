import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'react-aria-components/Button';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import { useTranslation } from '../i18n';
import { icons } from './icons';

/** Before the id of a body, so that no body is taken for another item of the menu. */
const actFor = 'act-for:';

export function AccountMenu({ onLeave, onHelp, onActFor }: { onLeave: () => void; onHelp: () => void; onActFor: (body: string) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const session = useSession();
  const several = session.bodies.length > 1;
  const shown = session.body?.acronym ?? session.body?.name ?? session.displayName;

  async function choose(key: string) {
    if (key === 'help') onHelp();
    else if (key.startsWith(actFor)) {
      if (key !== actFor + session.body?.id) onActFor(key.slice(actFor.length));
    } else if (key === 'body' && session.body) void navigate({ to: '/bodies/$id', params: { id: session.body.id } });
    else if (key === 'own') void navigate({ to: '/account' });
    else if (key === 'security') void navigate({ to: '/security', search: {} });
    else if (key === 'accounts') void navigate({ to: '/accounts', search: {} });
    else if (key === 'bodies') void navigate({ to: '/bodies', search: {} });
    else if (key === 'out') {
      await commands.signOut().catch(() => undefined);
      onLeave();
      await navigate({ to: '/signin', search: {} });
    }
  }

  // No change tells this window of a role that was given in another body.
  const readAnew = (open: boolean) => {
    if (open) void client.invalidateQueries(queries.session());
  };

  return (
    <MenuTrigger onOpenChange={readAnew}>
      <Button
        className={several ? 'button button-quiet menu-button account-several' : 'button button-quiet menu-button'}
        aria-label={`${shown} – ${t('shell:account', { name: session.displayName })}`}
        data-testid="account"
      >
        {icons.person}
        <span className="menu-button-words account-name" dir="auto">
          {shown}
        </span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={t('shell:account', { name: session.displayName })} onAction={(key) => void choose(String(key))}>
          <MenuSection>
            <Header className="menu-head">
              <strong dir="auto">{session.displayName}</strong>
              <span dir="auto">
                {session.body?.name} · {t(`words:role.${session.role}`)}
              </span>
            </Header>
            <MenuItem id="own" className="menu-item" data-testid="own-account">
              {t('shell:myAccount')}
            </MenuItem>
            {session.body && (
              <MenuItem id="body" className="menu-item">
                {t('shell:myBody')}
              </MenuItem>
            )}
            <MenuItem id="bodies" className="menu-item">
              {t('shell:allBodies')}
            </MenuItem>
            {session.role === 'administrator' && (
              <MenuItem id="accounts" className="menu-item" data-testid="accounts">
                {t('shell:accounts')}
              </MenuItem>
            )}
            {(session.role === 'administrator' || session.role === 'coordinator') && (
              <MenuItem id="security" className="menu-item" data-testid="security">
                {t('shell:security')}
              </MenuItem>
            )}
            <MenuItem id="help" className="menu-item">
              {t('shell:keys.title')}
            </MenuItem>
          </MenuSection>
          {several && (
            <MenuSection selectionMode="single" selectedKeys={session.body ? [actFor + session.body.id] : []} data-testid="act-for">
              <Header className="menu-head">{t('shell:actFor')}</Header>
              {session.bodies.map((body) => (
                <MenuItem key={body.id} id={actFor + body.id} className="menu-item" textValue={body.name} data-act-for={body.id}>
                  <span dir="auto">{body.name}</span> <span className="hint">{t(`words:role.${body.role}`)}</span>
                </MenuItem>
              ))}
            </MenuSection>
          )}
          <Separator className="menu-line" />
          <MenuItem id="out" className="menu-item" data-testid="sign-out">
            {t('shell:signOut')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
