// The account's rules of placing: by itself or by hand, and what it costs beside the goods.
import { Alert, Button, Group, NativeSelect, Stack, Switch, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '@/api/client';
import { placementSettingsQuery } from '@/api/queries';
import type { PlacementSettings } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { LinkButton } from '@/parts/links';
import { MoneyInput } from '@/parts/MoneyInput';
import { Page, ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { Section } from '@/parts/Section';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import { AccountFacts } from './AccountFacts';
import { BuyersData } from './BuyersData';
import { StatusTable } from './StatusTable';
import { TagBook } from './TagBook';

/** Placement also says whether the balance switched auto-place off. */
type Settings = PlacementSettings & { held_by_balance?: boolean };

export function SettingsScreen() {
  const { t } = useTranslation();
  const settings = useQuery({ ...placementSettingsQuery, refetchOnWindowFocus: false });
  return (
    <Page title={t('nav.settings')}>
      <ReadingState query={settings} />
      {settings.data && <PlacementForm saved={settings.data} />}
      <StatusTable />
      <TagBook />
      <AccountFacts />
      <BuyersData />
    </Page>
  );
}

function PlacementForm({ saved }: { saved: Settings }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const mayChange = useMay('settings.write');
  const { currency } = saved;
  const [edited, setEdited] = useState<Partial<FormState>>({});
  const form = { ...formOf(saved), ...edited };
  const set = (part: Partial<FormState>) => setEdited((old) => ({ ...old, ...part }));
  const good = form.surcharge !== null && form.shipping !== null;
  const save = useCommand({
    run: (body: PlacementSettings) => ask(api.PUT('/api/v1/settings/placement', { body })),
    forget: [['orders'], ['order']],
    said: () => t('settings.saved'),
    done: (answer) => {
      queries.setQueryData(placementSettingsQuery.queryKey, answer);
      setEdited({});
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form.surcharge === null || form.shipping === null) return;
    save.mutate({
      auto_place: form.autoPlace,
      currency,
      surcharge: { amount: form.surcharge, currency, per: form.per },
      shipping: { amount: form.shipping },
    });
  };
  return (
    <Section id="placing" title={t('settings.placing')}>
      <form onSubmit={submit} style={{ maxWidth: 720 }}>
        <Stack>
          {saved.held_by_balance && !saved.auto_place && (
            <Alert color="yellow" variant="light" title={t('settings.held')}>
              <Stack gap="xs" align="flex-start">
                <Text size="sm">{t('settings.heldText')}</Text>
                <LinkButton to="/wallet" size="xs" variant="default">
                  {t('fix.wallet')}
                </LinkButton>
              </Stack>
            </Alert>
          )}
          <Switch
            label={t('settings.autoPlace')}
            description={t('settings.autoPlaceText')}
            checked={form.autoPlace}
            disabled={!mayChange}
            onChange={(event) => set({ autoPlace: event.currentTarget.checked })}
          />
          <Group grow align="flex-start">
            <MoneyInput
              label={t('settings.surcharge')}
              description={t('settings.surchargeText')}
              currency={currency}
              value={form.surcharge}
              disabled={!mayChange}
              onChange={(surcharge) => set({ surcharge })}
            />
            <NativeSelect
              label={t('settings.per')}
              description={t('settings.perText')}
              value={form.per}
              disabled={!mayChange}
              onChange={(event) => set({ per: event.currentTarget.value as 'unit' | 'line' })}
              data={[
                { value: 'unit', label: t('settings.perUnit') },
                { value: 'line', label: t('settings.perLine') },
              ]}
            />
          </Group>
          <MoneyInput
            label={t('settings.shipping')}
            description={t('settings.shippingText')}
            currency={currency}
            value={form.shipping}
            disabled={!mayChange}
            onChange={(shipping) => set({ shipping })}
          />
          {good && form.surcharge !== null && (
            <Text size="sm" c="dimmed">
              {t('settings.example', {
                surcharge: format.money({ amount: form.surcharge, currency }),
                per: t(form.per === 'unit' ? 'settings.perUnit' : 'settings.perLine'),
              })}
            </Text>
          )}
          <ProblemNote error={save.error} />
          {mayChange && (
            <Group justify="flex-end">
              <Text size="sm" c="dimmed">
                {Object.keys(edited).length > 0 ? t('settings.unsaved') : ''}
              </Text>
              <Button
                type="submit"
                disabled={!good || Object.keys(edited).length === 0}
                loading={save.isPending}
              >
                {t('settings.save')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  );
}

interface FormState {
  autoPlace: boolean;
  surcharge: string | null;
  per: 'unit' | 'line';
  shipping: string | null;
}

function formOf(settings: Settings): FormState {
  return {
    autoPlace: settings.auto_place,
    surcharge: settings.surcharge.amount,
    per: settings.surcharge.per,
    shipping: settings.shipping.amount,
  };
}
