// The label of a package: fetched from TikTok Shop when it is asked for, then opened from there.
import { Anchor, Button, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { packageDocumentQuery } from '@/api/queries';
import { ProblemNote } from '@/parts/ProblemNote';
import { whyText } from '@/status/why';

const AGAIN_MS = 2000;

interface Props {
  shop: string;
  parcel: string;
}

export function PackageLabel({ shop, parcel }: Props) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const label = useQuery({
    ...packageDocumentQuery(shop, parcel),
    enabled: wanted,
    refetchInterval: ({ state }) => (state.data?.state === 'FETCHING' ? AGAIN_MS : false),
  });
  if (!wanted)
    return (
      <Button size="compact-xs" variant="default" onClick={() => setWanted(true)}>
        {t('label.get')}
      </Button>
    );
  if (label.error) return <ProblemNote error={label.error} onRetry={() => void label.refetch()} />;
  const { state, url, reason } = label.data ?? {};
  // The marketplace's address, and no script in disguise.
  if (state === 'READY' && url && /^https?:\/\//.test(url))
    return (
      <Anchor href={url} target="_blank" rel="noreferrer" size="sm">
        {t('label.open')}
      </Anchor>
    );
  if (state === 'REFUSED')
    return (
      <Text component="span" size="sm" role="alert">
        {t('label.refused')} {whyText(reason, t)}
      </Text>
    );
  return (
    <Text component="span" size="sm" role="status">
      <Loader size={12} /> {t('label.fetching')}
    </Text>
  );
}
