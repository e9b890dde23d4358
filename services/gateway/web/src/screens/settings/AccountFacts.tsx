// The account as it was set up.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { meQuery } from '@/api/queries';
import { LANGUAGE_NAMES } from '@/format/locale';
import { useFormat } from '@/format/useFormat';
import { Fact, Facts } from '@/parts/Fact';
import { Section } from '@/parts/Section';

export function AccountFacts() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  if (!me) return null;
  return (
    <Section id="account" title={t('settings.account')}>
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
    </Section>
  );
}
