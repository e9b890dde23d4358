// Finds one of our goods by name or SKU.
import { Button, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { variantsQuery } from '@/api/goods';
import type { Choice } from './choices';

const PAUSE_MS = 300;
const SHOWN = 6;

export function FindVariant({ onFound }: { onFound: (choice: Choice) => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const [wanted] = useDebouncedValue(words.trim(), PAUSE_MS);
  const query = useInfiniteQuery({ ...variantsQuery({ q: wanted }), enabled: wanted !== '' });
  const found = wanted ? (query.data?.pages[0]?.items.slice(0, SHOWN) ?? []) : [];
  return (
    <Stack gap={4} style={{ flex: '1 1 200px' }}>
      <TextInput
        aria-label={t('match.search')}
        placeholder={t('match.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {found.map(({ id, sku, name }) => (
        <Button
          key={id}
          size="compact-sm"
          variant="light"
          justify="flex-start"
          onClick={() => {
            onFound({ variant_id: id, sku, name, pieces: 1 });
            setWords('');
          }}
        >
          {name} ({sku})
        </Button>
      ))}
    </Stack>
  );
}
