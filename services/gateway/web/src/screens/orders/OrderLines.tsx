// The lines of an order.
import { Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OrderDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { StatusBadge } from '@/status/StatusBadge';

export function OrderLines({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Paper p="md" component="section" aria-labelledby="lines">
      <Title order={2} size="h4" mb="xs" id="lines">
        {t('orders.lines', { count: order.lines.length })}
      </Title>
      <Table.ScrollContainer minWidth={520}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={40}>#</Table.Th>
              <Table.Th>{t('orders.product')}</Table.Th>
              <Table.Th>{t('orders.sellerSku')}</Table.Th>
              <Table.Th ta="right">{t('orders.units')}</Table.Th>
              <Table.Th ta="right">{t('orders.price')}</Table.Th>
              <Table.Th>{t('orders.channelStatus')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {order.lines.map((line) => (
              <Table.Tr key={line.line}>
                <Table.Td>{line.line}</Table.Td>
                <Table.Td>
                  <Stack gap={0}>
                    <Text size="sm">{line.product_name ?? line.product_id}</Text>
                    <Text size="xs" c="dimmed">
                      {line.sku_name}
                      {line.is_gift ? ` · ${t('orders.gift')}` : ''}
                    </Text>
                  </Stack>
                </Table.Td>
                <Table.Td ff="monospace">{line.seller_sku || line.sku_id}</Table.Td>
                <Table.Td ta="right">{format.number(line.units)}</Table.Td>
                <Table.Td ta="right">{line.price && format.money(line.price)}</Table.Td>
                <Table.Td>
                  {line.status && <StatusBadge kind="channel" state={line.status} />}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
