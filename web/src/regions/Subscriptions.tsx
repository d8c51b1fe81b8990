import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type Sender, useCommand } from '../api/command';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import type { SubscriptionView } from '../api/types';
import { useTranslation } from '../i18n';
import { Trouble } from '../ui/pieces';
import { subscribedTo } from './model';

/** What one's own body subscribed to; on a region's page with the buttons for that region. */
export function Subscriptions({ region }: { region?: { name: string; code?: string | undefined } }) {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  const { data } = useQuery({ ...queries.subscriptions(), enabled: Boolean(session.body) });
  const { busy, error, run, retry } = useCommand();
  const subscriptions = data?.items ?? [];
  const may = session.role === 'coordinator';
  const act = (send: (by: Sender) => Promise<unknown>) =>
    run(async (by) => {
      await send(by);
      await client.invalidateQueries({ queryKey: ['subscriptions'] });
    });
  if (!session.body) return null;
  return (
    <aside className="card subscriptions" aria-labelledby="subscriptions">
      <h2 id="subscriptions">{t('regions:subscriptions')}</h2>
      <p className="hint">{t('regions:subscriptionsHelp')}</p>
      <Trouble error={error} retry={retry} />
      {region && may && (
        <div className="actions">
          {(['requests', 'plans'] as const).map((about) => {
            const held = subscribedTo(subscriptions, about, region.name, region.code);
            return (
              <button
                key={about}
                type="button"
                className={held ? 'button' : 'button button-primary'}
                disabled={held !== undefined || busy}
                data-testid={`subscribe-${about}`}
                onClick={() => act((by) => commands.subscribe({ about, regions: [region.name] }, by))}
              >
                {held ? t(`regions:subscribed.${about}`) : t(`regions:subscribe.${about}`)}
              </button>
            );
          })}
        </div>
      )}
      {subscriptions.length === 0 ? (
        <p className="hint">{t('regions:noSubscriptions')}</p>
      ) : (
        <ul className="member-list">
          {subscriptions.map((one) => (
            <li key={one.id} data-subscription={one.id}>
              <span>{describe(one, t)}</span>
              {may && (
                <button
                  type="button"
                  className="link-button"
                  data-testid="unsubscribe"
                  disabled={busy}
                  onClick={() => act((by) => commands.unsubscribe(one.id, by))}
                >
                  {t('regions:unsubscribe')}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </aside>
  );
}

function describe(one: SubscriptionView, t: ReturnType<typeof useTranslation>['t']): string {
  const limits = [
    ...one.regions,
    ...one.states,
    ...one.kinds.map((kind) => t(`words:kind.${kind}`)),
    ...one.pillars.map((pillar) => t(`words:pillar.${pillar}`)),
    ...one.urgencies.map((urgency) => t(`words:urgency.${urgency}`)),
  ];
  return `${t(`regions:about.${one.about}`)}: ${limits.length > 0 ? limits.join(', ') : t('regions:anything')}`;
}
