// A short word at the edge of the screen that something was done.
import { notifications } from '@mantine/notifications';

const SHOWN_MS = 6000;

export function say(message: string): void {
  notifications.show({ message, autoClose: SHOWN_MS, withBorder: true });
}
