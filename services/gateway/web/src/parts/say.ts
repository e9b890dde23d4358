// A short word at the edge of the screen that something was done.
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';

const SHOWN_MS = 6000;

export function say(message: string): void {
  const closeButtonProps = { 'aria-label': i18next.t('common.close') };
  notifications.show({ message, autoClose: SHOWN_MS, withBorder: true, closeButtonProps });
}
