// The parcels of an order: who carries each, what is in it, and which other orders share it.
import { Group, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OrderDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { LinkAnchor } from '@/parts/links';
import { PackageLabel } from '../shops/PackageLabel';

type Parcel = NonNullable<OrderDetail['packages']>[number];

export function Parcels({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  if (!order.packages || order.packages.length === 0) return null;
  return (
    <div>
      <Title order={2} size="h5" mb={4}>
        {t('orders.packages')}
      </Title>
      {order.packages.map((parcel) => (
        <Group key={parcel.package_id} gap="xs">
          <About parcel={parcel} />
          <PackageLabel shop={order.shop_id} parcel={parcel.package_id} />
        </Group>
      ))}
    </div>
  );
}

function About({ parcel }: { parcel: Parcel }) {
  const { t } = useTranslation();
  const format = useFormat();
  const inside = (parcel.lines ?? []).map(({ line, units }) =>
    t('orders.packed', { line, units: format.number(units) }),
  );
  const words = [parcel.package_id, parcel.carrier, parcel.tracking, inside.join(', ')];
  return (
    <Text size="sm">
      {words.filter(Boolean).join(' · ')}
      {parcel.with_orders?.map((other) => (
        <span key={other}>
          {' · '}
          {t('orders.packedWith')}{' '}
          <LinkAnchor
            to="/orders/$id"
            params={{ id: other }}
            search={{}}
            size="sm"
            underline="always"
          >
            {other.slice(other.indexOf('-') + 1)}
          </LinkAnchor>
        </span>
      ))}
    </Text>
  );
}
