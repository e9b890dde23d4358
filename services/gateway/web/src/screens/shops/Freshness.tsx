// How fresh a shop's orders are, and what stands behind that word.
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Shop } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Fact } from '@/parts/Fact';
import { StatusBadge } from '@/status/StatusBadge';
import { freshnessOf } from './standing';

export function FreshnessBadge({ shop, toldAt }: { shop: Shop; toldAt: number }) {
  return <StatusBadge kind="freshness" state={freshnessOf(shop, toldAt)} />;
}

export function FreshnessFacts({ shop }: { shop: Shop }) {
  const { t } = useTranslation();
  const format = useFormat();
  const since = (at: string | null | undefined) =>
    at ? <span title={format.time(at)}>{format.ago(at)}</span> : t('common.never');
  return (
    <>
      <Fact name={t('shops.lastPull')}>{since(shop.last_pull_at)}</Fact>
      <Fact name={t('shops.lastWebhook')}>{since(shop.last_webhook_at)}</Fact>
      <Fact name={t('shops.pending')}>{format.number(shop.pending_fetches ?? 0)}</Fact>
      <Fact name={t('shops.delay')}>
        {shop.delay_ms == null || !shop.delay_at ? (
          t('shops.noNews')
        ) : (
          <>
            {format.span(Math.ceil(shop.delay_ms / 1000))}{' '}
            <Text component="span" size="xs" c="dimmed" title={format.time(shop.delay_at)}>
              ({format.ago(shop.delay_at)})
            </Text>
          </>
        )}
      </Fact>
    </>
  );
}
