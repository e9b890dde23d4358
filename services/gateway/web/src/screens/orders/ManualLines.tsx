// The lines of an order made by hand: our goods, found by name or SKU, or any SKU that waits to be linked.
import { ActionIcon, Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MoneyInput } from '@/parts/MoneyInput';
import { FindVariant } from '../match/FindVariant';
import { emptyLine, type FormLine, isUnits, MOST_LINES } from './manual';

interface Props {
  lines: FormLine[];
  currency: string;
  onChange: (lines: FormLine[]) => void;
}

export function ManualLines({ lines, currency, onChange }: Props) {
  const { t } = useTranslation();
  // A line keeps its fields when another one is taken away.
  const [keys, setKeys] = useState(() => lines.map((_, index) => index));
  const put = (at: number, part: Partial<FormLine>) =>
    onChange(lines.map((line, index) => (index === at ? { ...line, ...part } : line)));
  const add = (line: FormLine) => {
    setKeys([...keys, Math.max(...keys, 0) + 1]);
    onChange([...lines, line]);
  };
  const drop = (at: number) => {
    setKeys(keys.filter((_, index) => index !== at));
    onChange(lines.filter((_, index) => index !== at));
  };
  const full = lines.length >= MOST_LINES;
  return (
    <Paper p="md" component="section" aria-labelledby="manual-lines">
      <Stack gap="sm">
        <Title order={2} size="h4" id="manual-lines">
          {t('manual.lines')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('manual.linesText')}
        </Text>
        {lines.map((line, at) => (
          <Group key={keys[at]} align="end" gap="xs" role="group" aria-label={lineName(at)}>
            <TextInput
              label={t('stock.sku')}
              required
              maxLength={64}
              style={{ flex: '2 1 140px' }}
              value={line.sku}
              onChange={(event) => put(at, { sku: event.currentTarget.value })}
            />
            <TextInput
              label={t('orders.product')}
              maxLength={60}
              style={{ flex: '3 1 180px' }}
              value={line.name}
              onChange={(event) => put(at, { name: event.currentTarget.value })}
            />
            <TextInput
              label={t('orders.units')}
              required
              inputMode="numeric"
              w={80}
              error={!isUnits(line.units)}
              value={line.units}
              onChange={(event) => put(at, { units: event.currentTarget.value.trim() })}
            />
            <MoneyInput
              label={t('orders.price')}
              currency={currency}
              value={line.price}
              onChange={(price) => put(at, { price })}
            />
            <ActionIcon
              variant="default"
              size="lg"
              disabled={lines.length === 1}
              aria-label={t('manual.dropLine', { line: at + 1 })}
              onClick={() => drop(at)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group align="start">
          <Button variant="default" disabled={full} onClick={() => add(emptyLine())}>
            {t('manual.addLine')}
          </Button>
          {!full && (
            <FindVariant
              onFound={({ sku, name }) => {
                const empty = lines.findIndex((line) => line.sku === '');
                if (empty >= 0) put(empty, { sku, name });
                else add({ ...emptyLine(), sku, name });
              }}
            />
          )}
        </Group>
      </Stack>
    </Paper>
  );

  function lineName(at: number): string {
    return t('condition.line', { line: at + 1 });
  }
}
