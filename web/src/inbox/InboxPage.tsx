import { useTranslation } from '../i18n';
import { InboxList, ReadAll, UnreadCount } from '../parts/entry/InboxList';
import { PageHead } from '../ui/pieces';

export function InboxPage() {
  const { t } = useTranslation();
  return (
    <div className="page narrow">
      <PageHead title={t('desk:inbox')} tags={<UnreadCount />}>
        <ReadAll />
      </PageHead>
      <section className="card">
        <InboxList first={50} onward />
      </section>
    </div>
  );
}
