// The end of a list that grows page by page, and the time its data is from.
import { Button, Center, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/useFormat';

interface Growing {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function MoreButton({ query }: { query: Growing }) {
  const { t } = useTranslation();
  if (!query.hasNextPage) return null;
  return (
    <Center>
      <Button
        variant="default"
        loading={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      >
        {t('common.more')}
      </Button>
    </Center>
  );
}

export function AsOf({ at }: { at: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (at === 0) return null;
  return (
    <Text size="xs" c="dimmed" component="span">
      {t('common.asOf', { time: format.time(at, 'clock') })}
    </Text>
  );
}
