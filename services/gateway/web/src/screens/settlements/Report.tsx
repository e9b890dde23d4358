// Sums by shop and currency: expected, what explains the difference, what does not, and what was paid out.
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { settlementReportQuery } from '@/api/money';
import { shopsQuery } from '@/api/queries';
import type { Money, SettlementLine, SettlementReport } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Fact, Facts } from '@/parts/Fact';
import { ReadingState } from '@/parts/Page';
import { StatusBadge } from '@/status/StatusBadge';

type Item = SettlementReport['items'][number];
interface Props {
  period: { from: string; until: string };
  shop: string | undefined;
}

export function Report({ period, shop }: Props) {
  const query = useQuery(settlementReportQuery({ ...period, shop }));
  const shops = useQuery(shopsQuery);
  const alias = (id: string) => shops.data?.find((one) => one.id === id)?.alias ?? id;
  return (
    <Stack gap="sm">
      <ReadingState query={query} />
      {query.data?.items.map((item) => (
        <Paper key={`${item.shop_id} ${item.currency}`} p="md">
          <Title order={2} size="h4" mb="xs">
            {alias(item.shop_id)} · {item.currency}
          </Title>
          <Stack gap="sm">
            <Sums item={item} />
            <Lines lines={item.lines} />
            <Apart item={item} />
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}

function Sums({ item }: { item: Item }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {(['prepaid', 'cod'] as const).map((how) => {
        const paid = item.paid[how];
        const waiting = item.unsettled[how];
        if (!paid && !waiting) return null;
        return (
          <div key={how}>
            <Text size="sm" fw={600}>
              {t(`paidHow.${how}`)}
            </Text>
            <Facts>
              {paid && <Fact name={t('nav.orders')}>{format.number(paid.orders)}</Fact>}
              {paid && <Fact name={t('settlements.expected')}>{format.money(paid.expected)}</Fact>}
              {paid && <Fact name={t('settlements.settled')}>{format.money(paid.settled)}</Fact>}
              {paid && (
                <Fact name={t('settlements.unexplained')}>
                  {format.money(paid.unexplained)} ({format.number(paid.unexplained_orders)})
                </Fact>
              )}
              {waiting && (
                <Fact name={t('settlements.notSettled')}>
                  {format.money(waiting.expected)} ({format.number(waiting.orders)})
                </Fact>
              )}
            </Facts>
          </div>
        );
      })}
    </>
  );
}

function Lines({ lines }: { lines: SettlementLine[] }) {
  const format = useFormat();
  const nameOf = useLineName();
  if (lines.length === 0) return null;
  return (
    <Facts>
      {lines.map((line) => (
        <Fact key={`${line.part} ${line.name}`} name={nameOf(line)}>
          {format.money(line.amount)}
        </Fact>
      ))}
    </Facts>
  );
}

/** Its kind in words of ours, and the marketplace's own for it. */
export function useLineName(): (line: SettlementLine) => string {
  const { t } = useTranslation();
  return ({ part, name }) =>
    `${t(`settlementPart.${part}`, { defaultValue: part })}: ${wordsOf(name)}`;
}

/** "platform_commission_amount" → "platform commission": the marketplace has hundreds of them. */
export function wordsOf(name: string): string {
  return name
    .replace(/_amount$/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
}

/** What is for no order we know, kept back, or missing. */
function Apart({ item }: { item: Item }) {
  const { t } = useTranslation();
  const format = useFormat();
  const difference = item.statements?.difference;
  const reserve: [string, Money | undefined][] = [
    ['collected', item.reserve.collected],
    ['released', item.reserve.released],
  ];
  return (
    <Group gap="md">
      {Object.entries(item.by_state)
        .filter(([state]) => state !== 'MATCHED' && state !== 'RESERVE')
        .map(([state, { count, settled }]) => (
          <Group key={state} gap={6}>
            <StatusBadge kind="settlement" state={state} />
            <Text size="sm">
              {format.number(count)} · {format.money(settled)}
            </Text>
          </Group>
        ))}
      {reserve.map(
        ([how, amount]) =>
          amount && (
            <Text key={how} size="sm">
              {t(`reserve.${how}`)}: {format.money(amount)}
            </Text>
          ),
      )}
      {item.statements && (
        <Text size="sm">
          {t('settlements.statements', {
            count: item.statements.count,
            shown: format.number(item.statements.count),
            paid: format.number(item.statements.paid),
          })}
        </Text>
      )}
      {difference && difference.amount !== '0' && (
        <Text size="sm" c="var(--mantine-color-error)">
          {t('settlements.difference', { amount: format.money(difference) })}
        </Text>
      )}
    </Group>
  );
}
