// What became of each order of a command; those that were refused come first, with why.
import { Button, Group, Stack, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenCondition, OrderResult } from '@/api/types';
import { describeCondition } from '@/conditions/describe';
import { type Format, useFormat } from '@/format/useFormat';
import { Dialog } from '@/parts/Dialog';
import { LinkAnchor } from '@/parts/links';
import { ProblemNote } from '@/parts/ProblemNote';
import { StatusBadge } from '@/status/StatusBadge';
import { TONES } from '@/status/tones';
import { statusText } from '@/status/words';
import { type Bulk, countResults } from './bulk';

const SHOWN = 100;

interface Props {
  bulk: Bulk;
  results: OrderResult[];
  error?: unknown;
  onClose: () => void;
}

export function OrderResults({ bulk, results, error, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState(SHOWN);
  const counts = countResults(results);
  const kind = bulk === 'place' ? 'place' : 'deletion';
  const words = Object.keys(TONES[kind]).filter((word) => counts[word]);
  const sorted = words.flatMap((word) => results.filter(({ result }) => result === word));
  return (
    <Dialog wide title={t('bulk.results')} onClose={onClose}>
      <Stack gap="sm">
        <Group gap="md">
          {words.map((word) => (
            <Group key={word} gap={6}>
              <StatusBadge kind={kind} state={word} />
              <Text fw={700}>{format.number(counts[word] ?? 0)}</Text>
            </Group>
          ))}
        </Group>
        <ProblemNote error={error} />
        {sorted.slice(0, shown).map((item) => (
          <div key={item.id}>
            <Group gap="xs">
              <LinkAnchor to="/orders/$id" params={{ id: item.id }} size="sm" ff="monospace">
                {item.id.slice(item.id.indexOf('-') + 1)}
              </LinkAnchor>
              <StatusBadge kind={kind} state={item.result} />
            </Group>
            {item.reasons?.map((reason) => (
              <Text key={`${reason.code} ${reason.line}`} size="sm" c="dimmed">
                {reasonText(reason, t, format)}
              </Text>
            ))}
          </div>
        ))}
        {sorted.length > shown && (
          <Button variant="default" onClick={() => setShown(shown + SHOWN)}>
            {t('common.more')}
          </Button>
        )}
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('common.close')}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Refused by a condition of placing, or by what the order is. */
function reasonText(reason: OpenCondition, t: TFunction, format: Format): string {
  return t(`refusal.${reason.code}`, {
    stage: statusText('stage', reason.value ?? '', t),
    defaultValue: describeCondition(reason, t, format).text,
  });
}
