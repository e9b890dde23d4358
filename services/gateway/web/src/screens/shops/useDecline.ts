// Drops a connection that waits for its choice, and with it the seller's agreement.
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { useCommand } from '@/parts/useCommand';

export function useDecline(id: string, done?: () => void) {
  const { t } = useTranslation();
  return useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/shops/connect/{id}/decline', {
          params: { path: { id }, header: command() },
        }),
      ),
    forget: [['shops'], ['connect']],
    said: () => t('connect.declined'),
    done: () => done?.(),
  });
}
