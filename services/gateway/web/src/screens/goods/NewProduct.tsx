// A product of a type, and a variant for each choice of values; each variant is made for itself.
import {
  Alert,
  Button,
  Checkbox,
  Group,
  List,
  NativeSelect,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { productTypesQuery } from '@/api/goods';
import { asProblem } from '@/api/problem';
import { meQuery } from '@/api/queries';
import type { ProductType } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Dialog } from '@/parts/Dialog';
import { MoneyInput } from '@/parts/MoneyInput';
import { ProblemNote, problemText } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { combinations, MOST_VARIANTS, skuOf } from './choices';

type Attribute = ProductType['attributes'][number];
interface Refused {
  sku: string;
  why: string;
}

export function NewProduct({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  const currency = me?.account.currency ?? 'USD';
  const { data: types = [] } = useQuery(productTypesQuery);
  const living = types.filter(({ archived }) => !archived);
  const [typeId, setTypeId] = useState('');
  const [name, setName] = useState('');
  const [start, setStart] = useState('');
  const [cost, setCost] = useState<string | null>('0');
  const [chosen, setChosen] = useState<Record<string, string[]>>({});
  const type = living.find(({ id }) => id === typeId);
  const valuesOf = ({ id, values }: Attribute) =>
    values.filter((value) => chosen[id]?.includes(value.id));
  const wanted = combinations((type?.attributes ?? []).map(valuesOf));
  const make = useCommand({
    run: async () => {
      const product = await ask(
        api.POST('/api/v1/products', {
          params: { header: command() },
          body: { type_id: typeId, name: name.trim() },
        }),
      );
      const refused: Refused[] = [];
      for (const values of wanted) {
        const sku = skuOf(start, values);
        const body = {
          sku,
          name: [name.trim(), ...values.map((value) => value.name)].join(' '),
          cost: { amount: cost ?? '0', currency },
          product_id: product.id,
          value_ids: values.map((value) => value.id),
        };
        try {
          await ask(api.POST('/api/v1/variants', { params: { header: command() }, body }));
        } catch (error) {
          refused.push({ sku, why: problemText(asProblem(error), t) });
        }
      }
      return { refused, made: wanted.length - refused.length };
    },
    forget: [['variants']],
    said: ({ made }) => t('goods.variantsMade', { made: format.number(made) }),
    done: ({ refused }) => {
      if (refused.length === 0) onClose();
    },
  });
  const tooMany = wanted.length > MOST_VARIANTS;
  return (
    <Dialog wide title={t('goods.newProduct')} onClose={onClose}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('goods.newProductText', { types: t('goods.types') })}
        </Text>
        <NativeSelect
          label={t('goods.type')}
          required
          value={typeId}
          onChange={(event) => setTypeId(event.currentTarget.value)}
          data={[
            { value: '', label: '' },
            ...living.map(({ id, name: label }) => ({ value: id, label })),
          ]}
        />
        <TextInput
          label={t('goods.productName')}
          required
          maxLength={512}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group grow align="end">
          <TextInput
            label={t('goods.skuStart')}
            required
            maxLength={40}
            value={start}
            onChange={(event) => setStart(event.currentTarget.value)}
          />
          <MoneyInput
            label={t('products.cost')}
            currency={currency}
            value={cost}
            onChange={setCost}
          />
        </Group>
        {type?.attributes.map((attribute) => (
          <Checkbox.Group
            key={attribute.id}
            label={attribute.name}
            value={chosen[attribute.id] ?? []}
            onChange={(ids) => setChosen((old) => ({ ...old, [attribute.id]: ids }))}
          >
            <Group gap="md" mt={4}>
              {attribute.values.map((value) => (
                <Checkbox key={value.id} value={value.id} label={value.name} />
              ))}
            </Group>
          </Checkbox.Group>
        ))}
        {tooMany && <Alert color="yellow">{t('goods.tooMany', { most: MOST_VARIANTS })}</Alert>}
        <ProblemNote error={make.error} />
        {make.data && make.data.refused.length > 0 && (
          <Alert role="alert" color="red" variant="light">
            <List size="sm">
              {make.data.refused.map((one) => (
                <List.Item key={one.sku}>{t('goods.variantRefused', { ...one })}</List.Item>
              ))}
            </List>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.close')}
          </Button>
          <Button
            disabled={
              !type ||
              name.trim() === '' ||
              start.trim() === '' ||
              cost === null ||
              wanted.length === 0 ||
              tooMany ||
              make.isSuccess
            }
            loading={make.isPending}
            onClick={() => make.mutate()}
          >
            {t('goods.makeVariants', {
              count: wanted.length,
              shown: format.number(wanted.length),
            })}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
