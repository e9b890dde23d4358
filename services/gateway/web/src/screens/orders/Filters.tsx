// Filters of the order list; they live in the address, so that a link shows the same list.
import { ActionIcon, Group, NativeSelect, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Shop } from '@/api/types';
import { CHANNEL_STATUSES } from '@/status/tones';
import { statusText } from '@/status/words';

export function Filters({ shops }: { shops: Shop[] }) {
  const { t } = useTranslation();
  const search = useSearch({ from: '/orders' });
  const navigate = useNavigate({ from: '/orders' });
  const [words, setWords] = useState(search.q ?? '');
  const [seen, setSeen] = useState(search.q);
  if (seen !== search.q) {
    setSeen(search.q);
    setWords(search.q ?? '');
  }
  const set = (part: Partial<typeof search>) =>
    void navigate({ search: (old) => ({ ...old, ...part }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Pasted from a sheet: lines and tabs part the ids as well.
    set({
      q:
        words
          .split(/[\s,;]+/)
          .filter(Boolean)
          .join(' ') || undefined,
    });
  };
  return (
    <Group gap="xs" align="flex-end">
      <form onSubmit={submit} style={{ flex: '1 1 240px' }}>
        <TextInput
          aria-label={t('orders.search')}
          placeholder={t('orders.searchHint')}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={
            words && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('common.clear')}
                onClick={() => set({ q: undefined })}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            )
          }
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </form>
      <NativeSelect
        aria-label={t('orders.status')}
        value={search.status ?? ''}
        onChange={(event) => set({ status: event.currentTarget.value || undefined })}
        data={[
          { value: '', label: t('orders.anyStatus') },
          ...CHANNEL_STATUSES.map((value) => ({ value, label: statusText('channel', value, t) })),
        ]}
      />
      <NativeSelect
        aria-label={t('orders.shop')}
        value={search.shop ?? ''}
        onChange={(event) => set({ shop: event.currentTarget.value || undefined })}
        data={[
          { value: '', label: t('orders.anyShop') },
          ...shops.map(({ id, alias }) => ({ value: id, label: alias })),
        ]}
      />
    </Group>
  );
}
