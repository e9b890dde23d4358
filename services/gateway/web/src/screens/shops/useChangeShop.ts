// Changes what is given of a shop's settings.
import { api, ask, command } from '@/api/client';
import type { ShopSettings } from '@/api/types';
import { useCommand } from '@/parts/useCommand';

export function useChangeShop(id: string, said: string, done: () => void) {
  return useCommand({
    run: (body: ShopSettings) =>
      ask(
        api.POST('/api/v1/shops/{id}/settings', {
          params: { path: { id }, header: command() },
          body,
        }),
      ),
    forget: [['shops'], ['runs']],
    said: () => said,
    done,
  });
}
