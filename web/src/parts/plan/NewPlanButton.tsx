import { lazy, Suspense, useState } from 'react';
import { useTranslation } from '../../i18n';

const NewPlan = lazy(() => import('./NewPlan').then((module) => ({ default: module.NewPlan })));

/** For coordinators: the form comes only when it is wanted. */
export function NewPlanButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button button-primary" onClick={() => setOpen(true)} data-testid="new-plan">
        {t('plans:new')}
      </button>
      {open && (
        <Suspense>
          <NewPlan onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
