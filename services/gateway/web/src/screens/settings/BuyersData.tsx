// Buyers' data: who saw whom, who was forgotten, and forgetting somebody who asks for it.
import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accessesQuery, erasuresQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';
import { LinkAnchor } from '@/parts/links';
import { MoreButton } from '@/parts/more';
import { useMay } from '@/parts/useMay';
import { Erase } from '../orders/Buyer';

export function BuyersData() {
  const { t } = useTranslation();
  const may = useMay('pii.read');
  const [who, setWho] = useState('');
  const [erasing, setErasing] = useState(false);
  if (!may) return null;
  return (
    <Paper p="md" component="section" aria-labelledby="buyers">
      <Title order={2} size="h4" mb="xs" id="buyers">
        {t('buyer.data')}
      </Title>
      <Group align="flex-end" mb="md">
        <TextInput
          label={t('buyer.who')}
          value={who}
          onChange={(event) => setWho(event.currentTarget.value)}
        />
        <Button variant="default" disabled={who.trim() === ''} onClick={() => setErasing(true)}>
          {t('buyer.erase')}
        </Button>
      </Group>
      <Erasures />
      <Accesses />
      {erasing && (
        <Erase
          wish={who.includes('@') ? { email: who.trim() } : { phone: who.trim() }}
          onClose={() => {
            setErasing(false);
            setWho('');
          }}
        />
      )}
    </Paper>
  );
}

function Erasures() {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useInfiniteQuery(erasuresQuery);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  return (
    <Stack gap={6} mb="md">
      <Text size="sm" fw={600}>
        {t('buyer.erasures')}
      </Text>
      {items.map((one) => (
        <Text key={one.id} size="sm">
          {format.time(one.at)} · {one.user} · {one.reason} ·{' '}
          {t('buyer.erased', { count: one.order_count })} ·{' '}
          {t('buyer.left', { shown: format.number(one.left) })} ·{' '}
          <Text component="span" size="xs" ff="monospace" c="dimmed">
            {one.digest.slice(0, 16)}
          </Text>
        </Text>
      ))}
      <MoreButton query={list} />
    </Stack>
  );
}

function Accesses() {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useInfiniteQuery(accessesQuery);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {t('buyer.accesses')}
      </Text>
      {items.map(({ id, at, user, order_id }) => (
        <Group key={id} gap="xs">
          <Text size="sm">
            {format.time(at)} · {user}
          </Text>
          <LinkAnchor to="/orders/$id" params={{ id: order_id }} size="sm" ff="monospace">
            {order_id.slice(order_id.indexOf('-') + 1)}
          </LinkAnchor>
        </Group>
      ))}
      <MoreButton query={list} />
    </Stack>
  );
}
