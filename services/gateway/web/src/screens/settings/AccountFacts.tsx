// The account as it was set up.
import { Paper, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { meQuery } from '@/api/queries';
import { LANGUAGE_NAMES } from '@/format/locale';
import { useFormat } from '@/format/useFormat';
import { Fact, Facts } from '@/parts/Fact';

export function AccountFacts() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  if (!me) return null;
  return (
    <Paper p="md" maw={720}>
      <Title order={2} size="h4" mb="sm">
        {t('settings.account')}
      </Title>
      <Facts>
        <Fact name={t('setup.name')}>{me.account.name}</Fact>
        <Fact name={t('setup.timeZone')}>{me.account.time_zone}</Fact>
        <Fact name={t('setup.currency')}>{me.account.currency}</Fact>
        <Fact name={t('setup.language')}>{LANGUAGE_NAMES[me.account.language]}</Fact>
        <Fact name={t('signIn.login')}>
          {me.login} · {t(`role.${me.role}`)}
        </Fact>
        <Fact name={t('settings.sessionEnds')}>{format.time(me.expires_at)}</Fact>
      </Facts>
    </Paper>
  );
}
