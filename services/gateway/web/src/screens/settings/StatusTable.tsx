// What each status of TikTok Shop is shown as: changed here, looked at before it is saved.
import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { statusTableQuery } from '@/api/queries';
import type { StatusPreview, StatusRule } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { type Column, DataTable } from '@/parts/DataTable';
import { ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { Section } from '@/parts/Section';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import { ToneBadge } from '@/status/StatusBadge';
import { HUB_STATUSES, STATUS_GROUPS } from '@/status/tones';
import { statusText } from '@/status/words';
import { StatusChanges } from './StatusChanges';
import { StatusPreviewDialog } from './StatusPreviewDialog';
import { type Edits, keyOf, rulesOf, ruleWord, type Shown } from './statuses';

const words = (all: readonly string[]) => all.filter((word) => word !== 'UNKNOWN');

export function StatusTable() {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery({ ...statusTableQuery, refetchOnWindowFocus: false });
  const mayChange = useMay('settings.write');
  const [edits, setEdits] = useState<Edits>({});
  const [preview, setPreview] = useState<StatusPreview | null>(null);
  const look = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/settings/statuses/preview', {
          params: { header: command() },
          body: { rules: rulesOf(edits) },
        }),
      ),
    done: setPreview,
  });
  const set = (rule: StatusRule, part: Partial<Shown>) => {
    const shown = { ...shownOf(rule, edits), ...part };
    const same = shown.hub_status === rule.hub_status && shown.status_group === rule.status_group;
    setEdits(({ [keyOf(rule)]: _, ...others }) =>
      same ? others : { ...others, [keyOf(rule)]: { rule, ...shown } },
    );
  };
  const columns: Column<StatusRule>[] = [
    {
      name: t('statusTable.channel'),
      cell: (rule) => (
        <Group gap={6}>
          <Text size="sm">{ruleWord(rule, t)}</Text>
          {rule.hub_status === 'UNKNOWN' && (
            <ToneBadge tone="warn" text={t('statusTable.unknown')} />
          )}
        </Group>
      ),
      strong: true,
    },
    {
      name: t('statusTable.tab'),
      cell: (rule) => (rule.tab ? t(`orderFilter.tab.${rule.tab}`) : '–'),
    },
    {
      name: t('statusTable.hub'),
      cell: (rule) => (
        <NativeSelect
          size="xs"
          aria-label={t('statusTable.hubOf', { status: ruleWord(rule, t) })}
          disabled={!mayChange}
          value={shownOf(rule, edits).hub_status}
          onChange={(event) => set(rule, { hub_status: event.currentTarget.value })}
          data={[
            rule.hub_status,
            ...words(HUB_STATUSES).filter((word) => word !== rule.hub_status),
          ].map((value) => ({ value, label: statusText('hub', value, t) }))}
        />
      ),
    },
    {
      name: t('statusTable.group'),
      cell: (rule) => (
        <NativeSelect
          size="xs"
          aria-label={t('statusTable.groupOf', { status: ruleWord(rule, t) })}
          disabled={!mayChange}
          value={shownOf(rule, edits).status_group}
          onChange={(event) => set(rule, { status_group: event.currentTarget.value })}
          data={[
            rule.status_group,
            ...words(STATUS_GROUPS).filter((word) => word !== rule.status_group),
          ].map((value) => ({ value, label: t(`orderFilter.status_group.${value}`) }))}
        />
      ),
    },
    { name: t('statusTable.orders'), cell: (rule) => format.number(rule.orders), end: true },
    {
      name: t('statusTable.own'),
      cell: (rule) =>
        rule.own && rule.default && mayChange ? (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() =>
              setEdits((old) => ({
                ...old,
                [keyOf(rule)]: { rule, back: true, ...defaultOf(rule) },
              }))
            }
          >
            {t('statusTable.back')}
          </Button>
        ) : rule.own ? (
          t('statusTable.yes')
        ) : (
          '–'
        ),
    },
  ];
  const changed = Object.keys(edits).length;
  return (
    <Section id="statuses" title={t('statusTable.title')} about={t('statusTable.text')}>
      <ReadingState query={query} />
      {query.data && (
        <DataTable
          label={t('statusTable.title')}
          columns={columns}
          rows={query.data.items}
          rowKey={keyOf}
        />
      )}
      <ProblemNote error={look.error} />
      {mayChange && (
        <Group justify="flex-end">
          <Button variant="default" disabled={changed === 0} onClick={() => setEdits({})}>
            {t('statusTable.undo')}
          </Button>
          <Button disabled={changed === 0} loading={look.isPending} onClick={() => look.mutate()}>
            {t('statusTable.look')}
          </Button>
        </Group>
      )}
      <StatusChanges />
      {preview && (
        <StatusPreviewDialog
          preview={preview}
          onClose={() => setPreview(null)}
          onSaved={() => {
            setPreview(null);
            setEdits({});
          }}
        />
      )}
    </Section>
  );
}

const defaultOf = (rule: StatusRule): Shown => rule.default ?? rule;

function shownOf(rule: StatusRule, edits: Edits): Shown {
  return edits[keyOf(rule)] ?? rule;
}
