// Who an order made by hand is for: shown to whoever sees the order.
import { Paper, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { customerQuery } from '@/api/customer';
import { Fact, Facts } from '@/parts/Fact';

export function Customer({ order }: { order: string }) {
  const { t } = useTranslation();
  const { data: customer } = useQuery(customerQuery(order));
  if (!customer) return null;
  const shown = (['name', 'phone_number', 'full_address'] as const).filter(
    (name) => customer[name],
  );
  return (
    <Paper p="md" component="section" aria-labelledby="customer">
      <Title order={2} size="h4" mb="xs" id="customer">
        {t('manual.customer')}
      </Title>
      <Facts>
        {customer.problem && <Fact name={t('manual.customer')}>{t('buyer.unreadable')}</Fact>}
        {shown.map((name) => (
          <Fact key={name} name={t(`person.${name}`)}>
            {customer[name]}
          </Fact>
        ))}
      </Facts>
    </Paper>
  );
}
