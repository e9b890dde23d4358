// One listing SKU, and below it which of our goods it may be, and why.
import { Button, Group, Paper, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ShownSku, Suggestion } from '@/api/types';
import { Picture } from '@/parts/Picture';
import { ToneBadge } from '@/status/StatusBadge';
import { asChoice, type Choice } from './choices';
import { FindVariant } from './FindVariant';
import { NewVariant } from './NewVariant';

interface Props {
  suggestion: Suggestion;
  choice: Choice | undefined;
  onChoose: (choice: Choice | undefined) => void;
}

const NONE = '';
const GOOD_SCORE = 90;
const MOST_PIECES = 1000;

export function SkuRow({ suggestion, choice, onChoose }: Props) {
  const { t } = useTranslation();
  const [making, setMaking] = useState(false);
  const { of, candidates } = suggestion;
  const name = of.sku.seller_sku || of.sku.sku_id;
  const offered = candidates.map(asChoice);
  const found = choice && !offered.some(({ variant_id }) => variant_id === choice.variant_id);
  return (
    <Paper withBorder p="sm">
      <ListedAs of={of} />
      <Radio.Group
        aria-label={t('match.choice', { sku: name })}
        value={choice?.variant_id ?? NONE}
        onChange={(id) =>
          onChoose([...offered, choice].find((one) => one?.variant_id === id) ?? undefined)
        }
      >
        <Stack gap={6}>
          {candidates.map(({ variant_id, sku, name: called, score, reason }) => (
            <Radio
              key={variant_id}
              value={variant_id}
              label={
                <Group component="span" gap={6}>
                  <span>{called}</span>
                  <Text component="span" size="sm" ff="monospace" c="dimmed">
                    {sku}
                  </Text>
                  <ToneBadge
                    tone={score >= GOOD_SCORE ? 'good' : 'neutral'}
                    text={`${t(`matchReason.${reason}`)} · ${t('match.score', { score })}`}
                  />
                </Group>
              }
            />
          ))}
          {found && <Radio value={choice.variant_id} label={`${choice.name} (${choice.sku})`} />}
          <Radio value={NONE} label={t('match.none')} />
        </Stack>
      </Radio.Group>
      <Group mt="xs" gap="xs" align="flex-end">
        <FindVariant onFound={onChoose} />
        {choice && (
          <TextInput
            w={90}
            inputMode="numeric"
            label={t('match.pieces')}
            value={String(choice.pieces)}
            onChange={(event) => {
              const pieces = Number(event.currentTarget.value.replace(/\D/g, '')) || 1;
              onChoose({ ...choice, pieces: Math.min(MOST_PIECES, pieces) });
            }}
          />
        )}
        <Button variant="default" onClick={() => setMaking(true)}>
          {t('match.addNew')}
        </Button>
      </Group>
      {making && <NewVariant of={of} onClose={() => setMaking(false)} />}
    </Paper>
  );
}

function ListedAs({ of }: { of: ShownSku }) {
  const parts = of.sku.parts ?? [];
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start" mb="xs">
      <Picture address={of.image_url} />
      <div>
        <Text size="sm" fw={600}>
          {of.listing_title} {of.sku.title}
        </Text>
        <Text size="sm" ff="monospace" c="dimmed">
          {of.sku.seller_sku || of.sku.sku_id}
        </Text>
        {parts.length > 0 && (
          <Text size="sm">
            {parts.map((part) => `${part.pieces} × ${part.name ?? part.sku}`).join(' + ')}
          </Text>
        )}
      </div>
    </Group>
  );
}
