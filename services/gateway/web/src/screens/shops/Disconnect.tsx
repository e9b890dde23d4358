// The second question before a shop is disconnected.
import { Checkbox, List, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { Shop } from '@/api/types';
import { Ask } from '@/parts/Ask';
import { useCommand } from '@/parts/useCommand';

export function Disconnect({ shop, onClose }: { shop: Shop; onClose: () => void }) {
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  const leave = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/shops/{id}/disconnect', {
          params: { path: { id: shop.id }, header: command() },
        }),
      ),
    forget: [['shops']],
    said: () => t('shops.disconnected', { alias: shop.alias }),
    done: onClose,
  });
  return (
    <Ask
      title={t('shops.disconnectTitle', { alias: shop.alias })}
      doIt={t('shops.disconnect')}
      dangerous
      disabled={!sure}
      busy={leave.isPending}
      error={leave.error}
      onClose={onClose}
      onDo={() => leave.mutate()}
    >
      <List size="sm" spacing={4}>
        <List.Item>{t('shops.disconnectTokens')}</List.Item>
        <List.Item>{t('shops.disconnectOrders')}</List.Item>
        <List.Item>{t('shops.disconnectAgain')}</List.Item>
      </List>
      <Checkbox
        checked={sure}
        onChange={(event) => setSure(event.currentTarget.checked)}
        label={<Text size="sm">{t('shops.disconnectSure', { alias: shop.alias })}</Text>}
      />
    </Ask>
  );
}
