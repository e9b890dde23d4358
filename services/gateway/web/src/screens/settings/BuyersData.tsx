// Buyers' data: who saw whom, who was forgotten, and forgetting somebody who asks for it.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accessesQuery, erasuresQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';
import { LinkAnchor } from '@/parts/links';
import { PagedList } from '@/parts/PagedList';
import { Section } from '@/parts/Section';
import { useMay } from '@/parts/useMay';
import { Erase } from '../orders/Buyer';

export function BuyersData() {
  const { t } = useTranslation();
  const may = useMay('pii.read');
  const [who, setWho] = useState('');
  const [erasing, setErasing] = useState(false);
  if (!may) return null;
  return (
    <Section id="buyers" title={t('buyer.data')}>
      <Group align="flex-end">
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
    </Section>
  );
}

function Erasures() {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useInfiniteQuery(erasuresQuery);
  return (
    <PagedList query={list} empty={null}>
      {(items) => (
        <Stack gap={6}>
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
        </Stack>
      )}
    </PagedList>
  );
}

function Accesses() {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useInfiniteQuery(accessesQuery);
  return (
    <PagedList query={list} empty={null}>
      {(items) => (
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
        </Stack>
      )}
    </PagedList>
  );
}
