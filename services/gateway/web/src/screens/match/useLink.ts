// Links a listing SKU: to goods that are there, or to one made with it.
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { Mapping } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { useCommand } from '@/parts/useCommand';

export function useLink(done: () => void) {
  const { t } = useTranslation();
  const format = useFormat();
  return useCommand({
    run: (body: Mapping) =>
      ask(api.POST('/api/v1/mappings', { params: { header: command() }, body })),
    forget: [['listings'], ['variants'], ['orders'], ['order']],
    said: ({ orders_waiting = 0 }) =>
      t('products.linked', { count: orders_waiting, shown: format.number(orders_waiting) }),
    done,
  });
}
