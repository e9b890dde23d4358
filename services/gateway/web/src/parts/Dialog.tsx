// A window above the screen.
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
}

export function Dialog({ title, wide, onClose, children }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      centered
      size={wide ? 'lg' : 'md'}
      title={title}
      onClose={onClose}
      styles={{ title: { fontWeight: 600 } }}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      // It is not the page's banner, which it would be taken for.
      attributes={{ header: { role: 'none' } }}
    >
      {children}
    </Modal>
  );
}
