// Why the order is, or is not, placed: every condition, who mends it and how.
import { Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheckFilled, IconCircleXFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { conditionsQuery } from '@/api/queries';
import type { Condition, Explanation } from '@/api/types';
import type { FixPlace } from '@/conditions/codes';
import { describeCondition } from '@/conditions/describe';
import { type Format, useFormat } from '@/format/useFormat';
import { LinkAnchor } from '@/parts/links';
import { ReadingState } from '@/parts/Page';
import { Section } from '@/parts/Section';
import classes from './Conditions.module.css';

export function Conditions({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQuery(conditionsQuery(id));
  const conditions = query.data?.conditions ?? [];
  const open = conditions.filter(({ ok }) => !ok);
  const met = conditions.filter(({ ok }) => ok);
  return (
    <Section id="conditions" title={t('conditions.title')}>
      <ReadingState query={query} />
      {query.data && (
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {open.length === 0
              ? t('conditions.allMet')
              : t('conditions.open', { count: open.length })}
          </Text>
          <ul className={classes.list}>
            {[...open, ...met].map((condition) => (
              <Row
                key={`${condition.code} ${condition.line} ${condition.value}`}
                condition={condition}
              />
            ))}
          </ul>
          <Charges explanation={query.data} />
        </Stack>
      )}
    </Section>
  );
}

function Row({ condition }: { condition: Condition }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { text, line, who, fix, place } = describeCondition(condition, t, format);
  const Icon = condition.ok ? IconCircleCheckFilled : IconCircleXFilled;
  return (
    <li className={classes.row} data-ok={condition.ok || undefined}>
      <Icon size={20} aria-label={t(condition.ok ? 'conditions.isMet' : 'conditions.isOpen')} />
      <div>
        <Text size="sm" fw={condition.ok ? undefined : 600}>
          {line && `${line}: `}
          {text}
        </Text>
        {!condition.ok && (
          <Group gap={6}>
            <Text size="sm" c="dimmed">
              {who && `${who}: `}
              {fix}
            </Text>
            <FixLink place={place} />
          </Group>
        )}
      </div>
    </li>
  );
}

const FIX_PLACES = {
  products: { to: '/products', search: { tab: 'listings', state: 'UNMAPPED' } },
  stock: { to: '/stock' },
  wallet: { to: '/wallet' },
  settings: { to: '/settings' },
  shops: { to: '/shops' },
} as const;

function FixLink({ place }: { place: FixPlace }) {
  const { t } = useTranslation();
  if (!place) return null;
  return (
    <LinkAnchor {...FIX_PLACES[place]} size="sm" fw={600}>
      {t(`fix.${place}`)}
    </LinkAnchor>
  );
}

/** The names and amounts of what placing costs, as far as they are amounts. */
function readCharges(explanation: Explanation, t: TFunction, format: Format): [string, string][] {
  const { charges } = explanation;
  if (!charges) return [];
  const currency = typeof charges.currency === 'string' ? charges.currency : null;
  return Object.entries(charges).flatMap(([name, value]): [string, string][] => {
    const label = t(`charge.${name}`, { defaultValue: name });
    if (typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value)
      return [
        [label, format.money({ amount: String(value.amount), currency: String(value.currency) })],
      ];
    if (currency && typeof value === 'string' && /^-?\d+$/.test(value))
      return [[label, format.money({ amount: value, currency })]];
    return [];
  });
}

function Charges({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const charges = readCharges(explanation, t, format);
  if (charges.length === 0) return null;
  return (
    <div>
      <Title order={3} size="h5" mb={4}>
        {t('conditions.charges')}
      </Title>
      <dl className={classes.charges}>
        {charges.map(([name, amount]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{amount}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
