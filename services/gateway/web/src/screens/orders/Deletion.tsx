// Putting one order away, and taking it out again.
import { Alert, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrderDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { useMay } from '@/parts/useMay';
import { GROUP_STAGES } from '@/status/tones';
import { BulkDialog } from './BulkDialog';

const DELETABLE: readonly (string | null | undefined)[] = [...GROUP_STAGES.drafts, 'CANCELLED'];
const PLACED: readonly (string | null | undefined)[] = GROUP_STAGES['to-process'];

export function DeleteButton({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const may = useMay('orders.write');
  const [asked, setAsked] = useState(false);
  const offered = may && !order.deletion && DELETABLE.includes(order.stage);
  // The window stays: it says what came of it.
  return (
    <>
      {offered && (
        <Button variant="default" onClick={() => setAsked(true)}>
          {t('orders.delete')}
        </Button>
      )}
      {asked && <BulkDialog bulk="delete" ids={[order.id]} onClose={() => setAsked(false)} />}
    </>
  );
}

/** `past`: it is shown as it was, and nothing can be done to that. */
export function DeletionNote({ order, past }: { order: OrderDetail; past: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay('orders.write');
  const [asked, setAsked] = useState(false);
  const { deletion } = order;
  return (
    <>
      {deletion && (
        <Alert
          variant="light"
          color="yellow"
          title={t('orders.deletedBy', { user: deletion.user, time: format.time(deletion.at) })}
        >
          <Group gap="sm">
            {deletion.reason && <Text size="sm">{deletion.reason}</Text>}
            {PLACED.includes(order.stage) && <Text size="sm">{t('orders.deletedLate')}</Text>}
            {may && !past && (
              <Button size="xs" variant="default" onClick={() => setAsked(true)}>
                {t('orders.restore')}
              </Button>
            )}
          </Group>
        </Alert>
      )}
      {asked && <BulkDialog bulk="restore" ids={[order.id]} onClose={() => setAsked(false)} />}
    </>
  );
}
