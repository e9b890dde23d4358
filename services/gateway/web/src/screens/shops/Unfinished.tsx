// Connections that wait for the seller's choice: gone on with, or dropped.
import { Alert, Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { UnfinishedConnect } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { LinkButton } from '@/parts/links';
import { ProblemNote } from '@/parts/ProblemNote';
import { useMay } from '@/parts/useMay';
import { useDecline } from './useDecline';

export function Unfinished({ connects }: { connects: UnfinishedConnect[] }) {
  return connects.map((connect) => <Waiting key={connect.connect_id} connect={connect} />);
}

function Waiting({ connect }: { connect: UnfinishedConnect }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayChange = useMay('shops.write');
  const id = connect.connect_id;
  const decline = useDecline(id);
  return (
    <Alert color="yellow" variant="light" title={t('connect.unfinished', { alias: connect.alias })}>
      <Text size="sm">
        {t('connect.unfinishedText')}{' '}
        {connect.ends_at && t('connect.unfinishedEnds', { when: format.ago(connect.ends_at) })}
      </Text>
      <ProblemNote error={decline.error} />
      {mayChange && (
        <Group mt="xs" gap="xs">
          <LinkButton to="/shops/connect/$id" params={{ id }} size="xs">
            {t('connect.goOn')}
          </LinkButton>
          <Button
            size="xs"
            variant="default"
            loading={decline.isPending}
            onClick={() => decline.mutate()}
          >
            {t('connect.decline')}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
