// One cancellation, return or refund: what is asked, until when, for what; and the answer to it.
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { returnQuery } from '@/api/queries';
import type { ReturnDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { DataTable } from '@/parts/DataTable';
import { Fact, Facts } from '@/parts/Fact';
import { LinkAnchor } from '@/parts/links';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { Section } from '@/parts/Section';
import { useMay } from '@/parts/useMay';
import { StatusBadge } from '@/status/StatusBadge';
import { whyText } from '@/status/why';
import { Actions } from './Actions';
import { AnswerReturn } from './AnswerReturn';
import { Deadline } from './Deadline';

export function ReturnScreen() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/returns/$id' });
  const query = useQuery(returnQuery(id));
  const one = query.data;
  if (!one)
    return (
      <Page title={t('nav.returns')}>
        <ReadingState query={query} />
      </Page>
    );
  return (
    <Page
      title={t(`returnKind.${one.kind}`, { defaultValue: one.kind })}
      about={<AsOf at={query.dataUpdatedAt} />}
      actions={one.state === 'TO_ANSWER' && <Answers one={one} />}
    >
      <ReturnFacts one={one} />
      <Goods one={one} />
      <Actions actions={one.actions} refusals={one.refusals} />
      <Past one={one} />
    </Page>
  );
}

function Answers({ one }: { one: ReturnDetail }) {
  const { t } = useTranslation();
  const mayAnswer = useMay('orders.write');
  const [answer, setAnswer] = useState<'accept' | 'decline' | null>(null);
  if (!mayAnswer) return null;
  return (
    <>
      <Button onClick={() => setAnswer('accept')}>{t('returns.accept')}</Button>
      <Button variant="default" onClick={() => setAnswer('decline')}>
        {t('returns.decline')}
      </Button>
      {answer && (
        <AnswerReturn one={one} accept={answer === 'accept'} onClose={() => setAnswer(null)} />
      )}
    </>
  );
}

function ReturnFacts({ one }: { one: ReturnDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const moment = (at: string | null | undefined) => (at ? format.time(at) : '–');
  const who = one.asked_by && t(`askedBy.${one.asked_by}`, { defaultValue: one.asked_by });
  return (
    <Paper p="md">
      <Stack gap="sm">
        <Group gap="xs">
          <StatusBadge kind="return" state={one.state} />
          <Deadline of={one} />
        </Group>
        {one.problem && (
          <Text size="sm" c="var(--mantine-color-error)">
            {t('returns.refused', { why: whyText(one.problem, t) })}
          </Text>
        )}
        {one.wants && (
          <Text size="sm">{t(`returnWants.${one.wants}`, { defaultValue: one.wants })}</Text>
        )}
        <Facts wide>
          <Fact name={t('returns.order')}>
            <LinkAnchor to="/orders/$id" params={{ id: one.order_id }} size="sm">
              {one.channel_order_id}
            </LinkAnchor>
          </Fact>
          <Fact name={t('returns.askedBy')}>{who ?? '–'}</Fact>
          <Fact name={t('returns.reason')}>{one.reason || '–'}</Fact>
          <Fact name={t('returns.refund')}>{format.money(one.refund)}</Fact>
          {one.offered && <Fact name={t('returns.offered')}>{format.money(one.offered)}</Fact>}
          <Fact name={t('returns.created')}>{moment(one.created_at)}</Fact>
          <Fact name={t('returns.deadline')}>{moment(one.deadline_at)}</Fact>
          {one.tracking && (
            <Fact name={t('returns.wayBack')}>
              {one.carrier} {one.tracking}
            </Fact>
          )}
          <Fact name={t('orders.channelStatus')}>{channelStatusText(one.channel_status, t)}</Fact>
        </Facts>
        {one.keeps_goods && <Text size="sm">{t('returns.keepsGoods')}</Text>}
      </Stack>
    </Paper>
  );
}

function Goods({ one }: { one: ReturnDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (one.lines.length === 0) return null;
  return (
    <Section id="goods" title={t('returns.goods')}>
      <DataTable
        label={t('returns.goods')}
        rows={one.lines}
        rowKey={({ sku_id }) => sku_id}
        columns={[
          {
            name: t('orders.product'),
            cell: ({ product_name, sku_name, sku_id }) =>
              product_name ? `${product_name}${sku_name ? ` · ${sku_name}` : ''}` : sku_id,
          },
          { name: t('orders.units'), end: true, cell: ({ units }) => format.number(units) },
          {
            name: t('returns.refund'),
            end: true,
            strong: true,
            cell: ({ refund }) => refund && format.money(refund),
          },
        ]}
      />
    </Section>
  );
}

function Past({ one }: { one: ReturnDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Section id="history" title={t('orders.history')}>
      <Stack gap={6}>
        {[...one.history].reverse().map((event) => (
          <Group key={`${event.at} ${event.channel_status}`} gap="xs">
            <Text size="sm" c="dimmed">
              {format.time(event.at)}
            </Text>
            <Text size="sm">{channelStatusText(event.channel_status, t)}</Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

/** A word of the marketplace's that is not known stands as it is. */
function channelStatusText(status: string, t: TFunction): string {
  return t(`returnStatus.${status}`, { defaultValue: status });
}
