import { useState } from 'react';
import { useSession } from '../api/session';
import { useTranslation } from '../i18n';
import { hintSeen, putHintAway } from './hint';

/** What to try first, for those who look at a demonstration from the side of an exercise; put away once and for all. */
export function HintCard() {
  const { t } = useTranslation();
  const { account, demonstration, body, role } = useSession();
  const [away, setAway] = useState(() => hintSeen(account));
  if (away || !demonstration || !body?.exercise || role === 'observer') return null;
  return (
    <section className="card hint-card" aria-labelledby="first-hint" data-testid="first-hint">
      <div className="hint-card-text">
        <h2 id="first-hint">{t('desk:hint.title')}</h2>
        <p>{t('desk:hint.update')}</p>
        <p className="hint">{t('desk:hint.second')}</p>
      </div>
      <button
        type="button"
        className="button button-small"
        data-testid="first-hint-away"
        onClick={() => {
          putHintAway(account);
          setAway(true);
        }}
      >
        {t('desk:hint.away')}
      </button>
    </section>
  );
}
