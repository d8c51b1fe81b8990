import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';

/** A dialog over the page; `side` makes it a panel at the end of the line of sight. One that `stays` is closed by its buttons only. */
export function Dialog({
  title,
  onClose,
  side,
  stays = false,
  children,
}: {
  title: string;
  onClose: () => void;
  side?: boolean;
  stays?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      className={side ? 'overlay overlay-side' : 'overlay'}
      isOpen
      isDismissable={!stays}
      isKeyboardDismissDisabled={stays}
      onOpenChange={(open) => !open && onClose()}
    >
      <Modal className={side ? 'modal modal-side' : 'modal'}>
        <AriaDialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title" level={2} className={isErased(title) ? 'erased' : undefined}>
              {title}
            </Heading>
            <button type="button" className="button button-quiet icon-button" onClick={onClose} aria-label={t('words:close')}>
              <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
                <path d="M3 3 13 13 M13 3 3 13" stroke="currentColor" strokeWidth="1.8" />
              </svg>
            </button>
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
