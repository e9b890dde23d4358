// What is wrong with a shop, and the one thing to do about it.
import { Alert, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Shop } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { LinkButton } from '@/parts/links';
import { useMay } from '@/parts/useMay';
import { whyText } from '@/status/why';
import { isMendedByConsent, type Trouble, troubleOf } from './standing';

const COLOURS: Partial<Record<Trouble, string>> = {
  WITHDRAWN: 'red',
  NEEDS_CONSENT: 'red',
  EXPIRED: 'red',
  DISCONNECTED: 'gray',
  OFF: 'gray',
};

export function ShopAlert({ shop, toldAt }: { shop: Shop; toldAt: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const trouble = troubleOf(shop, toldAt);
  if (!trouble) return null;
  const said = [shop.grant_problem, shop.pull_problem]
    .map((words) => whyText(words, t))
    .filter(Boolean);
  const ends = shop.grant_ends_at;
  return (
    <Alert
      color={COLOURS[trouble] ?? 'yellow'}
      variant="light"
      role="alert"
      title={t(`shopTrouble.${trouble}`, {
        when: ends ? format.ago(ends) : '',
        date: ends ? format.time(ends, 'date') : '',
      })}
    >
      <Text size="sm">{t(`shopTrouble.${trouble}_DO`)}</Text>
      {said.map((words) => (
        <Text key={words} size="sm" fs="italic" mt={4} style={{ overflowWrap: 'anywhere' }}>
          {t('shops.said', { words })}
        </Text>
      ))}
      {isMendedByConsent(trouble) && <Consent shop={shop} />}
    </Alert>
  );
}

export function Consent({ shop }: { shop: Shop }) {
  const { t } = useTranslation();
  const mayChange = useMay('shops.write');
  if (!mayChange) return <Text size="sm">{t('shops.askOwner')}</Text>;
  return (
    <Group mt="xs">
      <LinkButton to="/shops/connect" search={{ alias: shop.alias, region: shop.region }} size="xs">
        {t(shop.state === 'DISCONNECTED' ? 'shops.connectAgain' : 'shops.reconnect')}
      </LinkButton>
    </Group>
  );
}
