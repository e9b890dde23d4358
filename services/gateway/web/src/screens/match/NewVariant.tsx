// Makes one of our goods and links it, in one step.
import { NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '@/api/queries';
import type { ShownSku, Supply } from '@/api/types';
import { SUPPLIES } from '@/app/router';
import { Ask } from '@/parts/Ask';
import { MoneyInput } from '@/parts/MoneyInput';
import { useLink } from './useLink';

export function NewVariant({ of, onClose }: { of: ShownSku; onClose: () => void }) {
  const { t } = useTranslation();
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  const { sku_id, seller_sku, title } = of.sku;
  const [sku, setSku] = useState(seller_sku ?? '');
  const [name, setName] = useState(`${of.listing_title ?? ''} ${title ?? ''}`.trim());
  const [unit, setUnit] = useState('');
  const [supply, setSupply] = useState<Supply>('STOCKED');
  const [amount, setAmount] = useState<string | null>(null);
  const currency = me?.account.currency ?? 'USD';
  const link = useLink(onClose);
  const create = () =>
    link.mutate({
      shop_id: of.key.slice(0, of.key.indexOf('-')),
      sku_id,
      create: {
        sku: sku.trim(),
        name: name.trim(),
        unit,
        supply,
        ...(amount !== null && { cost: { amount, currency } }),
      },
    });
  return (
    <Ask
      title={t('match.newTitle', { sku: seller_sku || sku_id })}
      doIt={t('match.create')}
      disabled={sku.trim() === '' || name.trim() === ''}
      busy={link.isPending}
      error={link.error}
      onClose={onClose}
      onDo={create}
    >
      <Stack gap="xs">
        <TextInput
          required
          label={t('stock.sku')}
          maxLength={64}
          value={sku}
          onChange={(event) => setSku(event.currentTarget.value)}
        />
        <TextInput
          required
          label={t('stock.name')}
          maxLength={512}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('match.unit')}
          maxLength={32}
          value={unit}
          onChange={(event) => setUnit(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('products.supply')}
          value={supply}
          onChange={(event) => setSupply(event.currentTarget.value as Supply)}
          data={SUPPLIES.map((value) => ({ value, label: t(`supply.${value}`) }))}
        />
        <MoneyInput
          label={t('products.cost')}
          currency={currency}
          value={amount}
          onChange={setAmount}
        />
      </Stack>
    </Ask>
  );
}
