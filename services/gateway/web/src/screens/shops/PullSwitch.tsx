// Switches the automatic import of a shop on and off.
import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { Shop } from '@/api/types';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';

export function PullSwitch({ shop, description }: { shop: Shop; description?: string }) {
  const { t } = useTranslation();
  const mayChange = useMay('shops.write');
  const turn = useCommand({
    run: (on: boolean) =>
      ask(
        api.POST('/api/v1/shops/{id}/pull', {
          params: { path: { id: shop.id }, header: command() },
          body: { on },
        }),
      ),
    forget: [['shops']],
    said: (_, on) => t(on ? 'shops.pullOn' : 'shops.pullOff', { alias: shop.alias }),
  });
  const shown = turn.isPending ? turn.variables : shop.pull_on;
  return (
    <div>
      <Switch
        label={t('shops.pull')}
        description={description}
        checked={shown}
        disabled={!mayChange || turn.isPending}
        onChange={(event) => turn.mutate(event.currentTarget.checked)}
      />
      <ProblemNote error={turn.error} />
    </div>
  );
}
