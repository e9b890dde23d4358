// Sums by shop and currency: expected, what explains the difference, what does not, and what was paid out.
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { settlementReportQuery } from '@/api/money';
import { shopsQuery } from '@/api/queries';
import type {
  Money,
  SettlementLine,
  SettlementReport,
  SettlementState,
  SettlementTotal,
} from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Fact, Facts } from '@/parts/Fact';
import { LinkAnchor } from '@/parts/links';
import { ReadingState } from '@/parts/Page';
import { StatusBadge } from '@/status/StatusBadge';
import { statusText } from '@/status/words';

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
      {query.data?.totals.map((total) => (
        <Total key={total.currency} total={total} />
      ))}
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

const PARTS = ['REVENUE', 'SHIPPING', 'FEE', 'TAX', 'ADJUSTMENT'] as const;

/** All shops together: what was expected, what is between, what was paid; and what found no partner, each with its list. */
function Total({ total }: { total: SettlementTotal }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { unmatched_orders: orders, unmatched_payouts: payouts } = total;
  return (
    <Paper p="md" component="section" aria-label={`${t('settlements.total')} ${total.currency}`}>
      <Title order={2} size="h4" mb="xs">
        {t('settlements.total')} · {total.currency}
      </Title>
      <Facts>
        <Fact name={t('nav.orders')}>{format.number(total.orders)}</Fact>
        <Fact name={t('settlements.expected')}>{format.money(total.expected)}</Fact>
        {PARTS.map((part) => {
          const amount = total.parts[part];
          return (
            amount && (
              <Fact key={part} name={t(`settlementPart.${part}`)}>
                {format.money(amount)}
              </Fact>
            )
          );
        })}
        <Fact name={t('settlements.unexplained')}>{format.money(total.unexplained)}</Fact>
        <Fact name={t('settlements.settled')}>{format.money(total.settled)}</Fact>
        <Fact name={t('settlements.unmatchedOrders')}>
          {format.money(orders.expected)} ({format.number(orders.count)}){' '}
          <ListLink state="UNSETTLED" />
        </Fact>
        <Fact name={t('settlements.unmatchedPayouts')}>
          {format.money(payouts.settled)} ({format.number(payouts.count)}){' '}
          <ListLink state="UNKNOWN_ORDER" /> <ListLink state="NO_ORDER" />
        </Fact>
      </Facts>
    </Paper>
  );
}

function ListLink({ state }: { state: SettlementState }) {
  const { t } = useTranslation();
  const search = useSearch({ from: '/settlements' });
  return (
    <LinkAnchor to="/settlements" search={{ ...search, state }} size="sm" underline="always">
      {statusText('settlement', state, t)}
    </LinkAnchor>
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
