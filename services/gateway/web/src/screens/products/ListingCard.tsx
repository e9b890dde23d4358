// One listing: its picture, how it stands, what each of its SKUs is made of.
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Listing } from '@/api/types';
import { Picture } from '@/parts/Picture';
import { useMay } from '@/parts/useMay';
import { StatusBadge, ToneBadge } from '@/status/StatusBadge';
import { DownloadOne } from './DownloadListings';
import type { ListingSku } from './Listings';

interface Props {
  listing: Listing;
  onLink: (sku: ListingSku) => void;
  onMatch: () => void;
  onDesigns: () => void;
}

export function ListingCard({ listing, onLink, onMatch, onDesigns }: Props) {
  const { t } = useTranslation();
  const mayChange = useMay('products.write');
  return (
    <Paper p="md" component="article">
      <Group justify="space-between" gap="xs" mb="xs">
        <Group gap="sm" style={{ flex: '1 1 240px', minWidth: 0 }} wrap="nowrap">
          <Picture address={listing.image_url} />
          <Text fw={600}>{listing.title || listing.product_id}</Text>
        </Group>
        <Group gap="xs">
          {mayChange && (
            <Button size="compact-sm" onClick={onMatch}>
              {t(listing.state === 'SYNCED' ? 'match.change' : 'match.open')}
            </Button>
          )}
          {mayChange && (
            <Button size="compact-sm" variant="default" onClick={onDesigns}>
              {t('designs.open')}
            </Button>
          )}
          {mayChange && <DownloadOne listing={listing} />}
          <StatusBadge kind="listing" state={listing.state} />
        </Group>
      </Group>
      <Stack gap={6}>
        {listing.skus.map((sku) => (
          <Group key={sku.sku_id} gap="xs" justify="space-between">
            <Group gap="xs">
              <Text size="sm" ff="monospace">
                {sku.seller_sku || sku.sku_id}
              </Text>
              <Text size="sm" c="dimmed">
                {sku.title}
              </Text>
              {sku.problem === 'DESIGN_MISSING' && (
                <ToneBadge tone="warn" text={t('designs.missing')} />
              )}
              {sku.ordered && <ToneBadge tone="info" text={t('products.ordered')} />}
            </Group>
            <Group gap="xs">
              {sku.parts && sku.parts.length > 0 ? (
                <Text size="sm">
                  {sku.parts
                    .map((part) => `${part.pieces} × ${part.sku ?? part.variant_id}`)
                    .join(' + ')}
                </Text>
              ) : (
                <ToneBadge tone="warn" text={t('products.notLinked')} />
              )}
              {mayChange && (
                <Button size="compact-xs" variant="default" onClick={() => onLink(sku)}>
                  {t('match.parts')}
                </Button>
              )}
            </Group>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
