// The first step of connecting a shop: what it is, then off to the marketplace.
import { Button, Group, NativeSelect, Paper, Stack, Text, TextInput } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { REGIONS } from '@/format/places';
import { useFormat } from '@/format/useFormat';
import { LinkButton } from '@/parts/links';
import { Page } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';

const ACCOUNT_TYPES = ['SELLER', 'CROSS_BORDER'];
const DURATIONS = ['unlimited', '365d', '180d', '90d'];

export function ConnectScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const given = useSearch({ from: '/shops/connect' });
  const [form, setForm] = useState({
    alias: given.alias ?? '',
    region: given.region ?? regionOf(format.timeZone),
    account_type: 'SELLER',
    email: '',
    phone: '',
    duration: 'unlimited',
  });
  const set = (field: keyof typeof form) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setForm((old) => ({ ...old, [field]: value }));
  };
  const begin = useCommand({
    run: () => {
      const { phone, ...rest } = form;
      const body = phone ? { ...rest, phone } : rest;
      return ask(api.POST('/api/v1/shops', { params: { header: command() }, body }));
    },
    done: ({ consent_url }) => {
      // The marketplace's page, and no script in disguise.
      if (/^https?:\/\//.test(consent_url)) location.assign(consent_url);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate();
  };
  return (
    <Page title={t('connect.title')} about={t('connect.about')}>
      <Paper p="md" maw={620}>
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label={t('connect.alias')}
              description={t('connect.aliasText')}
              required
              maxLength={120}
              value={form.alias}
              onChange={set('alias')}
            />
            <Group grow align="flex-start">
              <NativeSelect
                label={t('connect.region')}
                value={form.region}
                onChange={set('region')}
                data={REGIONS.map((value) => ({ value, label: format.region(value) }))}
              />
              <NativeSelect
                label={t('connect.accountType')}
                value={form.account_type}
                onChange={set('account_type')}
                data={ACCOUNT_TYPES.map((value) => ({
                  value,
                  label: t(`connect.accountTypes.${value}`),
                }))}
              />
            </Group>
            <TextInput
              type="email"
              label={t('connect.email')}
              description={t('connect.emailText')}
              autoComplete="email"
              required
              maxLength={254}
              value={form.email}
              onChange={set('email')}
            />
            <Group grow align="flex-start">
              <TextInput
                type="tel"
                label={t('connect.phone')}
                autoComplete="tel"
                maxLength={32}
                value={form.phone}
                onChange={set('phone')}
              />
              <NativeSelect
                label={t('connect.duration')}
                value={form.duration}
                onChange={set('duration')}
                data={DURATIONS.map((value) => ({ value, label: t(`connect.durations.${value}`) }))}
              />
            </Group>
            <Text size="xs" c="dimmed">
              {t('connect.durationText')}
            </Text>
            <Text size="sm">{t('connect.mainAccount')}</Text>
            <ProblemNote error={begin.error} />
            <Group justify="flex-end">
              <LinkButton to="/shops" variant="default">
                {t('common.cancel')}
              </LinkButton>
              <Button
                type="submit"
                loading={begin.isPending || begin.isSuccess}
                rightSection={<IconExternalLink size={16} aria-hidden />}
              >
                {t('connect.toMarketplace')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Page>
  );
}

const ZONE_REGION: Record<string, string> = {
  'Asia/Bangkok': 'TH',
  'Asia/Jakarta': 'ID',
  'Asia/Kuala_Lumpur': 'MY',
  'Asia/Manila': 'PH',
  'Asia/Singapore': 'SG',
  'Europe/London': 'GB',
};

/** A first guess that people may change. */
function regionOf(timeZone: string): string {
  return ZONE_REGION[timeZone] ?? (timeZone.startsWith('America/') ? 'US' : 'VN');
}
