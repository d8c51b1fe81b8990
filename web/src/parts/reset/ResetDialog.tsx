import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { commands } from '../../api/commands';
import { useSession } from '../../api/session';
import type { InvitationReceipt, Receipt, Reset } from '../../api/types';
import { useLocale, useTranslation } from '../../i18n';
import { formatAgo, formatMoment } from '../../ui/dates';
import { FormDialog } from '../../ui/form';
import { InvitationLink } from '../invitation/InvitationLink';
import { stepOf } from './model';

/** Another password for somebody who has lost the one there is: asked for, agreed to by a second person, made. */
export function ResetDialog({
  account,
  name,
  reset,
  onClose,
}: {
  account: string;
  name: string;
  reset: Reset | null | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const session = useSession();
  const [made, setMade] = useState<InvitationReceipt | null>(null);
  const [now] = useState(Date.now);
  const step = stepOf(reset, session.account, session.role === 'administrator');
  const changed = () => {
    for (const queryKey of [['body'], ['accounts']]) void client.invalidateQueries({ queryKey });
  };
  if (made?.link)
    return <InvitationLink title={t('bodies:reset.linkTitle', { name })} link={made.link} expires={made.expires} onClose={onClose} />;
  return (
    <FormDialog<Receipt | InvitationReceipt>
      title={t('bodies:reset.title', { account: name })}
      action={t(`bodies:reset.${step}`)}
      danger={step === 'drop'}
      send={(by) =>
        step === 'ask'
          ? commands.askReset(account, by)
          : step === 'agree'
            ? commands.agreeToReset(account, by)
            : step === 'link'
              ? commands.makeResetLink(account, by)
              : commands.dropReset(account, by)
      }
      onDone={(receipt) => {
        changed();
        if ('link' in receipt && receipt.link) setMade(receipt as InvitationReceipt);
        else onClose();
      }}
      onClose={onClose}
      testId="reset"
    >
      {() =>
        !reset ? (
          <p>{t('bodies:reset.lead', { account: name })}</p>
        ) : (
          <>
            <p>
              {t('bodies:reset.askedBy', {
                name: reset.by.name ?? t('security:former'),
                body: reset.body.name,
                moment: formatAgo(reset.until, locale),
              })}
            </p>
            {reset.agreedBy ? (
              <p>{t('bodies:reset.agreedBy', { name: reset.agreedBy.name ?? t('security:former') })}</p>
            ) : (
              <p className="hint">{t('bodies:reset.needsSecond')}</p>
            )}
            {step === 'agree' && <p className="banner">{t('bodies:reset.agreeLead')}</p>}
            {reset.from && Date.parse(reset.from) > now && (
              <p className="hint">{t('bodies:reset.waits', { moment: formatMoment(reset.from, locale) })}</p>
            )}
          </>
        )
      }
    </FormDialog>
  );
}
