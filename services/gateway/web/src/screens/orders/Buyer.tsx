// Who bought: shown to who may see it, when he asks for it, and it is noted; and forgotten when he says so.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { buyerQuery } from '@/api/queries';
import type { Buyer as Person } from '@/api/types';
import { Ask } from '@/parts/Ask';
import { Fact, Facts } from '@/parts/Fact';
import { ReadingState } from '@/parts/Page';
import { Section } from '@/parts/Section';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';

const SHOWN = ['name', 'phone_number', 'full_address', 'email', 'nickname', 'note'] as const;

export function Buyer({ order }: { order: string }) {
  const { t } = useTranslation();
  const may = useMay('pii.read');
  const [open, setOpen] = useState(false);
  const [erasing, setErasing] = useState(false);
  if (!may) return null;
  return (
    <Section
      id="buyer"
      title={t('buyer.title')}
      about={t('buyer.noted')}
      actions={
        <Group gap="xs">
          <Button variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? t('buyer.hide') : t('buyer.show')}
          </Button>
          <Button variant="default" onClick={() => setErasing(true)}>
            {t('buyer.erase')}
          </Button>
        </Group>
      }
    >
      {open && <Shown order={order} />}
      {erasing && (
        <Erase
          wish={{ order_id: order }}
          onClose={() => {
            setErasing(false);
            setOpen(false);
          }}
        />
      )}
    </Section>
  );
}

function Shown({ order }: { order: string }) {
  const { t } = useTranslation();
  const query = useQuery(buyerQuery(order));
  const buyer = query.data;
  if (!buyer) return <ReadingState query={query} />;
  return (
    <Facts wide>
      {buyer.problem && <Fact name={t('buyer.title')}>{t('buyer.unreadable')}</Fact>}
      {SHOWN.filter((name) => buyer[name]).map((name) => (
        <Fact key={name} name={t(`person.${name}`)}>
          {buyer[name as keyof Person] as string}
        </Fact>
      ))}
    </Facts>
  );
}

interface EraseProps {
  wish: { order_id?: string; phone?: string; email?: string };
  onClose: () => void;
}

export function Erase({ wish, onClose }: EraseProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const erase = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/buyers/erasures', {
          params: { header: command() },
          body: { ...wish, reason },
        }),
      ),
    forget: [['buyers']],
    said: ({ order_count }) => t('buyer.erased', { count: order_count }),
    done: onClose,
  });
  return (
    <Ask
      title={t('buyer.erase')}
      doIt={t('buyer.erase')}
      dangerous
      disabled={reason === ''}
      busy={erase.isPending}
      error={erase.error}
      onClose={onClose}
      onDo={() => erase.mutate()}
    >
      <Stack gap="xs">
        <Text size="sm">{t('buyer.eraseText')}</Text>
        <TextInput
          label={t('returns.reason')}
          maxLength={120}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
        />
      </Stack>
    </Ask>
  );
}
