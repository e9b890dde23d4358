// The balance, what moved it, and adding to it.
import { Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { IconWallet } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { walletEntriesQuery, walletQuery } from '@/api/money';
import type { WalletEntry } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Ask } from '@/parts/Ask';
import { DataTable } from '@/parts/DataTable';
import { Empty } from '@/parts/Empty';
import { LinkAnchor } from '@/parts/links';
import { MoneyInput } from '@/parts/MoneyInput';
import { AsOf } from '@/parts/more';
import { Page, ReadingState } from '@/parts/Page';
import { PagedList } from '@/parts/PagedList';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';

export function WalletScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const mayTopUp = useMay('money.write');
  const wallet = useQuery(walletQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title={t('nav.wallet')}
      about={<AsOf at={wallet.dataUpdatedAt} />}
      actions={
        mayTopUp &&
        wallet.data && <Button onClick={() => setAdding(true)}>{t('wallet.topUp')}</Button>
      }
    >
      <ReadingState query={wallet} />
      {wallet.data && (
        <Paper p="md">
          <Text size="sm" c="dimmed">
            {t('wallet.balance')}
          </Text>
          <Text fz={32} fw={700} lh={1.2}>
            {format.money(wallet.data.balance)}
          </Text>
          <Text size="sm" c="dimmed" mt={4}>
            {t('wallet.about')}
          </Text>
        </Paper>
      )}
      <Entries />
      {adding && wallet.data && (
        <TopUp currency={wallet.data.balance.currency} onClose={() => setAdding(false)} />
      )}
    </Page>
  );
}

function Entries() {
  const { t } = useTranslation();
  const format = useFormat();
  const entries = useInfiniteQuery(walletEntriesQuery);
  return (
    <Stack gap="sm">
      <PagedList
        query={entries}
        empty={
          <Empty
            icon={<IconWallet aria-hidden />}
            title={t('wallet.none')}
            text={t('wallet.noneText')}
          />
        }
      >
        {(items) => (
          <Paper p="md">
            <DataTable
              label={t('nav.wallet')}
              rows={items}
              rowKey={({ id }) => id}
              columns={[
                { name: t('wallet.at'), cell: ({ at }) => format.time(at) },
                {
                  name: t('wallet.kind'),
                  cell: ({ kind }) => t(`walletKind.${kind}`, { defaultValue: kind }),
                },
                { name: t('wallet.reference'), cell: (entry) => <Reference entry={entry} /> },
                {
                  name: t('wallet.amount'),
                  end: true,
                  strong: true,
                  cell: ({ amount }) => format.money(amount),
                },
                {
                  name: t('wallet.after'),
                  end: true,
                  cell: ({ balance }) => balance && format.money(balance),
                },
              ]}
            />
          </Paper>
        )}
      </PagedList>
    </Stack>
  );
}

function Reference({ entry }: { entry: WalletEntry }) {
  return (
    <Group gap={6}>
      {entry.order_id && (
        <LinkAnchor to="/orders/$id" params={{ id: entry.order_id }} size="sm" ff="monospace">
          {entry.order_id.slice(entry.order_id.indexOf('-') + 1)}
        </LinkAnchor>
      )}
      {entry.reference}
      {entry.user && (
        <Text size="xs" c="dimmed" component="span">
          {entry.user}
        </Text>
      )}
    </Group>
  );
}

function TopUp({ currency, onClose }: { currency: string; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [amount, setAmount] = useState<string | null>(null);
  const [reference, setReference] = useState('');
  const good = amount !== null && amount !== '0';
  const topUp = useCommand({
    run: (minor: string) =>
      ask(
        api.POST('/api/v1/wallet/top-up', {
          params: { header: command() },
          body: { amount: minor, currency, ...(reference ? { reference } : {}) },
        }),
      ),
    forget: [['wallet']],
    said: ({ balance }) => t('wallet.toppedUp', { balance: format.money(balance) }),
    done: onClose,
  });
  const shown = good ? format.money({ amount, currency }) : '';
  return (
    <Ask
      title={t('wallet.topUp')}
      doIt={good ? t('wallet.add', { amount: shown }) : t('wallet.topUp')}
      disabled={!good}
      busy={topUp.isPending}
      error={topUp.error}
      onClose={onClose}
      onDo={() => good && topUp.mutate(amount)}
    >
      <MoneyInput
        label={t('wallet.amount')}
        currency={currency}
        value={amount}
        onChange={setAmount}
        required
      />
      <TextInput
        label={t('wallet.reference')}
        description={t('wallet.referenceText')}
        maxLength={120}
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
    </Ask>
  );
}
