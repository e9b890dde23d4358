// What a service could not process, and handing it over again.
import { Button, Checkbox, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { deadLettersQuery } from '@/api/queries';
import type { DeadLetter, Service, ServiceState } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { type Column, DataTable } from '@/parts/DataTable';
import { MoreButton } from '@/parts/more';
import { ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { Section } from '@/parts/Section';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';

const MOST_AT_ONCE = 500;
const SERVICES: Service[] = [
  'gateway',
  'connector',
  'order-ingest',
  'product-mapper',
  'inventory',
  'placement',
];

export function DeadLetters({ services }: { services: ServiceState[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: '/system' });
  const search = useSearch({ from: '/system' });
  const worst = services.find(({ dead_letters }) => (dead_letters ?? 0) > 0)?.service;
  const service = search.service ?? worst ?? 'order-ingest';
  const count = (name: Service) =>
    services.find((state) => state.service === name)?.dead_letters ?? 0;
  return (
    <Section
      id="dead-letters"
      title={t('system.deadLetters')}
      actions={
        <NativeSelect
          aria-label={t('system.service')}
          value={service}
          onChange={(event) =>
            void navigate({ search: { service: event.currentTarget.value as Service } })
          }
          data={SERVICES.map((value) => ({
            value,
            label: `${t(`service.${value}`)} (${count(value)})`,
          }))}
        />
      }
    >
      <Letters key={service} service={service} />
    </Section>
  );
}

function Letters({ service }: { service: Service }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayReplay = useMay('system.write');
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const letters = useInfiniteQuery(deadLettersQuery(service));
  const items = letters.data?.pages.flatMap((page) => page.items) ?? [];
  const replay = useCommand({
    run: (ids: string[]) =>
      ask(
        api.POST('/api/v1/dead-letters/replay', {
          params: { header: command() },
          body: { service, ids },
        }),
      ),
    forget: [['dead-letters'], ['system']],
    said: ({ replayed }) =>
      t('system.replayed', { count: replayed, shown: format.number(replayed) }),
    done: () => setTicked(new Set()),
  });
  if (letters.data && items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('system.noDeadLetters')}
      </Text>
    );
  const all = items.length > 0 && items.every(({ id }) => ticked.has(id));
  const tick = (letter: DeadLetter) => {
    const next = new Set(ticked);
    if (!next.delete(letter.id)) next.add(letter.id);
    setTicked(next);
  };
  const tickColumn: Column<DeadLetter> = {
    name: (
      <Checkbox
        aria-label={t('system.tickAll')}
        checked={all}
        indeterminate={ticked.size > 0 && !all}
        onChange={() =>
          setTicked(new Set(all ? [] : items.slice(0, MOST_AT_ONCE).map(({ id }) => id)))
        }
      />
    ),
    cell: (letter) => (
      <Checkbox
        aria-label={t('system.tick', { id: letter.id })}
        checked={ticked.has(letter.id)}
        onChange={() => tick(letter)}
      />
    ),
  };
  return (
    <Stack gap="sm">
      <ReadingState query={letters} />
      {items.length > 0 && (
        <DataTable
          label={t('system.deadLetters')}
          rows={items}
          rowKey={({ id }) => id}
          columns={[
            ...(mayReplay ? [tickColumn] : []),
            {
              name: t('system.message'),
              mono: true,
              cell: ({ type, key }) => `${type} ${key ?? ''}`,
            },
            { name: t('system.reason'), cell: ({ reason }) => reason },
            { name: t('system.seen'), end: true, cell: ({ seen }) => seen },
            { name: t('system.made'), cell: ({ made }) => format.time(made) },
          ]}
        />
      )}
      <MoreButton query={letters} />
      <ProblemNote error={replay.error} />
      {mayReplay && items.length > 0 && (
        <Group justify="flex-end">
          <Button
            disabled={ticked.size === 0}
            loading={replay.isPending}
            onClick={() => replay.mutate([...ticked])}
          >
            {t('system.replay', { count: ticked.size })}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
