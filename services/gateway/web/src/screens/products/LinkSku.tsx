// Links one listing SKU to our goods: a SKU and pieces on each line; no line unlinks it.
import { Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Listing } from '@/api/types';
import { Ask } from '@/parts/Ask';
import { LinkHistory } from '../match/LinkHistory';
import { useLink } from '../match/useLink';
import type { ListingSku } from './Listings';
import { readParts, writeParts } from './parts';

interface Props {
  listing: Listing;
  sku: ListingSku;
  onClose: () => void;
}

export function LinkSku({ listing, sku, onClose }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(writeParts(sku.parts ?? []) || (sku.seller_sku ?? ''));
  const { parts, wrong } = readParts(text);
  const link = useLink(onClose);
  return (
    <Ask
      title={t('products.linkTitle', { sku: sku.seller_sku || sku.sku_id })}
      doIt={t(parts.length > 0 ? 'products.link' : 'products.unlink')}
      dangerous={parts.length === 0}
      disabled={wrong.length > 0}
      busy={link.isPending}
      error={link.error}
      onClose={onClose}
      onDo={() => link.mutate({ shop_id: listing.shop_id, sku_id: sku.sku_id, parts })}
    >
      <Text size="sm">
        {listing.title} {sku.title}
      </Text>
      <Textarea
        label={t('products.parts')}
        description={t('products.partsText')}
        rows={4}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={text}
        error={wrong.length > 0 ? t('stock.linesWrong', { lines: wrong.join(', ') }) : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Text size="xs" c="dimmed">
        {t('products.follow')}
      </Text>
      <LinkHistory of={`${listing.shop_id}-${sku.sku_id}`} />
    </Ask>
  );
}
