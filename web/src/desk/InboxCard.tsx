import { Link } from '@tanstack/react-router';
import { useTranslation } from '../i18n';
import { InboxList, ReadAll, UnreadCount } from '../parts/entry/InboxList';

export function InboxCard() {
  const { t } = useTranslation();
  return (
    <section className="card" aria-labelledby="inbox">
      <div className="card-head">
        <h2 id="inbox">
          {t('desk:inbox')} <UnreadCount />
        </h2>
        <ReadAll />
      </div>
      <InboxList first={5} />
      <p className="card-foot">
        <Link to="/inbox">{t('desk:wholeInbox')}</Link>
      </p>
    </section>
  );
}
