// One of our goods: made, changed, archived; and what was changed before.
import { Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { ApiError } from '@/api/problem';
import { meQuery } from '@/api/queries';
import type { Supply, Variant, VariantInput } from '@/api/types';
import { SUPPLIES } from '@/app/router';
import { Dialog } from '@/parts/Dialog';
import { MoneyInput } from '@/parts/MoneyInput';
import { useCommand } from '@/parts/useCommand';
import { readParts, writeParts } from '../products/parts';
import { Foot } from './Foot';

interface Props {
  variant?: Variant;
  onClose: () => void;
}

/** Numbers of the variants with these SKUs. */
async function findParts(
  parts: { sku: string; pieces: number }[],
  unknown: (sku: string) => string,
) {
  return Promise.all(
    parts.map(async ({ sku, pieces }) => {
      const found = await ask(
        api.GET('/api/v1/variants', { params: { query: { q: sku, limit: 200 } } }),
      );
      const variant = found.items.find((one) => one.sku === sku);
      if (!variant) throw new ApiError(422, { code: 'PART_UNKNOWN', detail: unknown(sku) });
      return { variant_id: variant.id, pieces };
    }),
  );
}

export function VariantDialog({ variant, onClose }: Props) {
  const { t } = useTranslation();
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  const isBundle = (variant?.parts.length ?? 0) > 0;
  const [texts, setTexts] = useState({
    sku: variant?.sku ?? '',
    name: variant?.name ?? '',
    barcode: variant?.barcode ?? '',
    unit: variant?.unit ?? '',
    image: variant?.image ?? '',
    source_link: variant?.source_link ?? '',
    weight: String(variant?.weight_g ?? ''),
    parts: writeParts(variant?.parts ?? []),
  });
  const [supply, setSupply] = useState<Supply>(variant?.supply ?? 'STOCKED');
  const [cost, setCost] = useState<string | null>(variant?.cost.amount ?? '0');
  const currency = variant?.cost.currency ?? me?.account.currency ?? 'USD';
  const { parts, wrong } = readParts(texts.parts);
  const weightWrong = !/^\d{0,7}$/.test(texts.weight);
  const save = useCommand({
    run: async () => {
      const { sku, name, barcode, unit, image, source_link } = texts;
      const body: VariantInput = { sku, name, barcode, unit, image, source_link, supply };
      if (variant) body.id = variant.id;
      body.weight_g = Number(texts.weight || 0);
      if (parts.length > 0 || isBundle)
        body.parts = await findParts(parts, (unknown) => t('goods.partUnknown', { sku: unknown }));
      else body.cost = { amount: cost ?? '0', currency };
      return ask(api.POST('/api/v1/variants', { params: { header: command() }, body }));
    },
    forget: [['variants'], ['listings']],
    said: ({ sku }) => t('goods.saved', { sku }),
    done: onClose,
  });
  const field = (name: keyof typeof texts, label: string, more: object = {}): ReactNode => (
    <TextInput
      label={label}
      value={texts[name]}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setTexts((old) => ({ ...old, [name]: value }));
      }}
      {...more}
    />
  );
  const good = texts.sku.trim() !== '' && texts.name.trim() !== '' && wrong.length === 0;
  return (
    <Dialog
      wide
      title={variant ? t('goods.edit', { sku: variant.sku }) : t('goods.new')}
      onClose={onClose}
    >
      <Stack gap="sm">
        {field('sku', t('stock.sku'), { required: true, maxLength: 64 })}
        {field('name', t('stock.name'), { required: true, maxLength: 512 })}
        <Group grow align="end">
          {field('barcode', t('goods.barcode'), { maxLength: 64 })}
          {field('unit', t('goods.unit'), { maxLength: 32 })}
          {field('weight', t('goods.weight'), { inputMode: 'numeric', error: weightWrong })}
        </Group>
        {field('image', t('goods.image'), { type: 'url', maxLength: 1024 })}
        {field('source_link', t('goods.source'), { type: 'url', maxLength: 1024 })}
        <Group grow align="start">
          <NativeSelect
            label={t('products.supply')}
            value={supply}
            onChange={(event) => setSupply(event.currentTarget.value as Supply)}
            data={SUPPLIES.map((value) => ({ value, label: t(`supply.${value}`) }))}
          />
          {parts.length === 0 && !isBundle && (
            <MoneyInput
              label={t('products.cost')}
              currency={currency}
              value={cost}
              onChange={setCost}
            />
          )}
        </Group>
        {(!variant || isBundle) && (
          <Textarea
            label={t('goods.parts')}
            description={t('goods.partsText')}
            rows={3}
            value={texts.parts}
            error={
              wrong.length > 0 ? t('stock.linesWrong', { lines: wrong.join(', ') }) : undefined
            }
            onChange={(event) => {
              const { value } = event.currentTarget;
              setTexts((old) => ({ ...old, parts: value }));
            }}
          />
        )}
        <Foot
          kind="variant"
          of={variant}
          save={save}
          disabled={!good || weightWrong || (cost === null && parts.length === 0)}
          onClose={onClose}
        />
      </Stack>
    </Dialog>
  );
}
