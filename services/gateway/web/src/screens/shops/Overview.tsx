// A shop at a glance: what it is, how fresh it is, which steps of its set-up are done.
import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Shop } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Fact, Facts } from '@/parts/Fact';
import { Section } from '@/parts/Section';
import { FreshnessBadge, FreshnessFacts } from './Freshness';
import { Setup } from './Setup';
import { ShopFacts } from './ShopCard';

export function Overview({ shop, toldAt }: { shop: Shop; toldAt: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md" style={{ alignItems: 'start' }}>
      <Stack gap="md">
        <Section
          id="freshness"
          title={t('shops.freshness')}
          actions={<FreshnessBadge shop={shop} toldAt={toldAt} />}
        >
          <Facts>
            <FreshnessFacts shop={shop} />
            <Fact name={t('shops.pendingStock')}>{format.number(shop.pending_stock ?? 0)}</Fact>
          </Facts>
          <Text size="xs" c="dimmed">
            {t('shops.freshnessText')}
          </Text>
        </Section>
        <Section id="facts" title={t('shops.facts')}>
          <Facts>
            <Fact name={t('connect.region')}>{format.region(shop.region)}</Fact>
            {shop.connected_at && (
              <Fact name={t('shops.since')}>{format.time(shop.connected_at, 'date')}</Fact>
            )}
            <Fact name={t('shops.seller')}>{shop.seller || '–'}</Fact>
            <ShopFacts shop={shop} />
          </Facts>
        </Section>
      </Stack>
      <Setup shop={shop} />
    </SimpleGrid>
  );
}
