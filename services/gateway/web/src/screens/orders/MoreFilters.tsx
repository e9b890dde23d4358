// The rarer filters, and the order of the list.
import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tagsQuery } from '@/api/queries';
import type { OpenCondition } from '@/api/types';
import { describeCondition } from '@/conditions/describe';
import { type Format, useFormat } from '@/format/useFormat';
import { statusText } from '@/status/words';
import { MORE_FILTERS, type MoreFilter, type OrderFilter, SORTS } from './filter';

function wordOf(filter: MoreFilter, value: string, t: TFunction, format: Format): string {
  if (filter === 'hub') return statusText('hub', value, t);
  if (filter === 'condition')
    return describeCondition({ code: value } as OpenCondition, t, format).text;
  return t(`orderFilter.${filter}.${value}`, { defaultValue: value });
}

export function MoreFilters() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = useSearch({ from: '/orders' });
  const navigate = useNavigate({ from: '/orders' });
  const names = Object.keys(MORE_FILTERS) as MoreFilter[];
  const chosen =
    names.filter((name) => search[name]).length +
    (search.tag ? 1 : 0) +
    (search.created_from || search.created_until ? 1 : 0);
  const [opened, setOpened] = useState(chosen > 0);
  const set = (part: Partial<OrderFilter>) =>
    void navigate({ search: (old) => ({ ...old, ...part }) });
  return (
    <>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconFilter size={14} aria-hidden />}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          {t('orders.moreFilters')}
          {chosen > 0 ? ` (${chosen})` : ''}
        </Button>
        <NativeSelect
          size="xs"
          aria-label={t('orders.sort')}
          value={search.sort ?? ''}
          onChange={(event) =>
            set({ sort: (event.currentTarget.value || undefined) as OrderFilter['sort'] })
          }
          data={[
            { value: '', label: t('orders.sortUsual') },
            ...SORTS.map((value) => ({ value, label: t(`orderSort.${value}`) })),
          ]}
        />
      </Group>
      {opened && (
        <Group gap="xs" align="flex-end" role="group" aria-label={t('orders.moreFilters')}>
          {names.map((name) => (
            <NativeSelect
              key={name}
              size="xs"
              label={t(`orderFilterName.${name}`)}
              value={search[name] ?? ''}
              onChange={(event) => set({ [name]: event.currentTarget.value || undefined })}
              data={[
                { value: '', label: t('orders.any') },
                ...MORE_FILTERS[name].map((value: string) => ({
                  value,
                  label: wordOf(name, value, t, format),
                })),
              ]}
            />
          ))}
          <ByTag value={search.tag} onChange={set} />
          <Day name="created_from" value={search.created_from} onChange={set} />
          <Day name="created_until" value={search.created_until} onChange={set} />
        </Group>
      )}
    </>
  );
}

function ByTag(props: { value: string | undefined; onChange: (part: { tag?: string }) => void }) {
  const { t } = useTranslation();
  const tags = useQuery(tagsQuery);
  return (
    <NativeSelect
      size="xs"
      label={t('orderFilterName.tag')}
      value={props.value ?? ''}
      onChange={(event) => props.onChange({ tag: event.currentTarget.value || undefined })}
      data={[
        { value: '', label: t('tags.any') },
        ...(tags.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}

const DAY_MS = 24 * 3600 * 1000;

/** A day, kept as a moment: the last one counts as a whole. */
function Day(props: {
  name: 'created_from' | 'created_until';
  value: string | undefined;
  onChange: (part: Partial<OrderFilter>) => void;
}) {
  const { t } = useTranslation();
  const shift = props.name === 'created_until' ? DAY_MS : 0;
  const shown = props.value
    ? new Date(Date.parse(props.value) - shift).toISOString().slice(0, 10)
    : '';
  return (
    <TextInput
      type="date"
      size="xs"
      label={t(`orderFilterName.${props.name}`)}
      value={shown}
      onChange={({ currentTarget: { value } }) =>
        props.onChange({
          [props.name]: value
            ? new Date(Date.parse(`${value}T00:00:00Z`) + shift)
                .toISOString()
                .slice(0, 19)
                .concat('Z')
            : undefined,
        })
      }
    />
  );
}
