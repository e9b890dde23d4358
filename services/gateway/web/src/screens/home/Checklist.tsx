// The first steps, each ticked off by what is really there; gone when all are done.
import { Progress, Stack, Text } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { variantsQuery } from '@/api/goods';
import { walletQuery } from '@/api/money';
import { placementSettingsQuery, shopsQuery, stockQuery, warehousesQuery } from '@/api/queries';
import { LinkButton } from '@/parts/links';
import { Section } from '@/parts/Section';
import { useMay } from '@/parts/useMay';
import classes from './Checklist.module.css';

function useSteps() {
  const mayMoney = useMay('money.read');
  const maySettings = useMay('settings.read');
  const warehouses = useQuery(warehousesQuery);
  const variants = useInfiniteQuery(variantsQuery({}));
  const stock = useInfiniteQuery(stockQuery({}));
  const wallet = useQuery({ ...walletQuery, enabled: mayMoney });
  const settings = useQuery({ ...placementSettingsQuery, enabled: maySettings });
  const shops = useQuery(shopsQuery);
  return [
    {
      key: 'warehouse',
      to: '/stock',
      known: warehouses.isSuccess,
      done: (warehouses.data?.length ?? 0) > 0,
    },
    {
      key: 'products',
      to: '/products',
      known: variants.isSuccess,
      done: (variants.data?.pages[0]?.items.length ?? 0) > 0,
    },
    {
      key: 'stock',
      to: '/stock',
      known: stock.isSuccess,
      done: stock.data?.pages[0]?.items.some((level) => level.on_hand > 0) ?? false,
    },
    {
      key: 'wallet',
      to: '/wallet',
      known: wallet.isSuccess,
      done: !['0', undefined].includes(wallet.data?.balance.amount),
    },
    {
      key: 'autoPlace',
      to: '/settings',
      known: settings.isSuccess,
      done: settings.data?.auto_place ?? false,
    },
    { key: 'shop', to: '/shops', known: shops.isSuccess, done: (shops.data?.length ?? 0) > 0 },
  ] as const;
}

export function Checklist() {
  const { t } = useTranslation();
  const steps = useSteps().filter(({ known }) => known);
  const done = steps.filter((step) => step.done).length;
  if (steps.length === 0 || done === steps.length) return null;
  const next = steps.find((step) => !step.done);
  return (
    <Section
      id="checklist"
      title={t('home.checklist')}
      actions={
        <Text size="sm" c="dimmed">
          {t('home.checklistDone', { done, all: steps.length })}
        </Text>
      }
    >
      <Progress value={(100 * done) / steps.length} aria-label={t('home.checklist')} />
      <Stack component="ol" gap="xs" className={classes.steps}>
        {steps.map((step) => (
          <li key={step.key} className={classes.step} data-done={step.done || undefined}>
            {step.done ? (
              <IconCircleCheckFilled size={22} aria-label={t('home.isDone')} />
            ) : (
              <IconCircle size={22} aria-label={t('home.isOpen')} />
            )}
            <div>
              <Text fw={600} size="sm">
                {t(`home.step.${step.key}`)}
              </Text>
              <Text size="sm" c="dimmed">
                {t(`home.step.${step.key}Text`)}
              </Text>
            </div>
            {!step.done && (
              <LinkButton
                to={step.to}
                size="compact-sm"
                variant={step === next ? 'filled' : 'default'}
              >
                {t(`home.step.${step.key}Do`)}
              </LinkButton>
            )}
          </li>
        ))}
      </Stack>
    </Section>
  );
}
