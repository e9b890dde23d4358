// What became of each order that was to be placed; those that were not come first, with why.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaceItem } from '@/api/types';
import { describeCondition } from '@/conditions/describe';
import { useFormat } from '@/format/useFormat';
import { Dialog } from '@/parts/Dialog';
import { LinkAnchor } from '@/parts/links';
import { ProblemNote } from '@/parts/ProblemNote';
import { StatusBadge } from '@/status/StatusBadge';
import { countResults } from './place';

const SHOWN = 100;
const RESULTS = ['REFUSED', 'PLACED', 'ALREADY_PLACED'] as const;

interface Props {
  results: PlaceItem[];
  error?: unknown;
  onClose: () => void;
}

export function PlaceResults({ results, error, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState(SHOWN);
  const counts = countResults(results);
  const sorted = RESULTS.flatMap((result) => results.filter((item) => item.result === result));
  return (
    <Dialog wide title={t('orders.results')} onClose={onClose}>
      <Stack gap="sm">
        <Group gap="md">
          {RESULTS.map((result) => (
            <Group key={result} gap={6}>
              <StatusBadge kind="place" state={result} />
              <Text fw={700}>{format.number(counts[result])}</Text>
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
              <StatusBadge kind="place" state={item.result} />
            </Group>
            {item.reasons?.map((reason) => (
              <Text key={`${reason.code} ${reason.line}`} size="sm" c="dimmed">
                {describeCondition(reason, t, format).text}
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
