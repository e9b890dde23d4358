// What can be changed of a shop: name, warehouse, import, history, agreement.
import { Button, Group, NativeSelect, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { warehousesQuery } from '@/api/queries';
import type { ShopDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Fact, Facts } from '@/parts/Fact';
import { ProblemNote } from '@/parts/ProblemNote';
import { Section } from '@/parts/Section';
import { useMay } from '@/parts/useMay';
import { Disconnect } from './Disconnect';
import { Expiry } from './Expiry';
import { HistorySettings } from './HistorySettings';
import { PullSwitch } from './PullSwitch';
import { Consent } from './ShopAlert';
import { useChangeShop } from './useChangeShop';

export function ShopSettings({ shop }: { shop: ShopDetail }) {
  const { t } = useTranslation();
  if (shop.state === 'DISCONNECTED')
    return (
      <Section id="agreement" title={t('shopSettings.agreement')}>
        <Text size="sm">{t('shopSettings.disconnected')}</Text>
        <Consent shop={shop} />
      </Section>
    );
  return (
    <Stack gap="md" maw={720}>
      <Section id="naming" title={t('shopSettings.naming')}>
        <Naming shop={shop} />
      </Section>
      <Section id="import" title={t('shops.pull')}>
        <PullSwitch shop={shop} description={t('shopSettings.pullText')} />
      </Section>
      <Section id="history" title={t('shopSettings.history')}>
        <HistorySettings shop={shop} />
      </Section>
      <Section id="agreement" title={t('shopSettings.agreement')}>
        <Agreement shop={shop} />
      </Section>
    </Stack>
  );
}

function Naming({ shop }: { shop: ShopDetail }) {
  const { t } = useTranslation();
  const mayChange = useMay('shops.write');
  const warehouses = useQuery({ ...warehousesQuery, enabled: useMay('stock.read') });
  const saved = {
    alias: shop.alias,
    warehouse_id: shop.warehouse_id ?? null,
    reserve_unpaid: shop.reserve_unpaid ?? true,
  };
  const [edited, setEdited] = useState<Partial<typeof saved>>({});
  const form = { ...saved, ...edited };
  const change = useChangeShop(shop.id, t('shopSettings.saved'), () => setEdited({}));
  const alias = form.alias.trim();
  const touched = JSON.stringify({ ...form, alias }) !== JSON.stringify(saved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ ...form, alias });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t('connect.alias')}
          description={t('shopSettings.aliasText')}
          required
          maxLength={120}
          disabled={!mayChange}
          value={form.alias}
          error={alias === '' ? t('problem.ALIAS_MISSING') : undefined}
          onChange={(event) => setEdited({ ...edited, alias: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('connect.warehouse')}
          description={t('shopSettings.warehouseText')}
          disabled={!mayChange || !warehouses.data}
          value={form.warehouse_id ?? ''}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setEdited({ ...edited, warehouse_id: value || null });
          }}
          data={[
            { value: '', label: t('shops.noWarehouse') },
            ...(warehouses.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <ProblemNote error={warehouses.error} onRetry={() => void warehouses.refetch()} />
        <ChannelWarehouses shop={shop} />
        <Switch
          label={t('shopSettings.reserveUnpaid')}
          description={t('shopSettings.reserveUnpaidText')}
          disabled={!mayChange}
          checked={form.reserve_unpaid}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            setEdited({ ...edited, reserve_unpaid: checked });
          }}
        />
        <ProblemNote error={change.error} />
        <Group justify="flex-end">
          {touched && (
            <Text size="sm" c="dimmed" role="status">
              {t('settings.unsaved')}
            </Text>
          )}
          <Button
            type="submit"
            disabled={!mayChange || !touched || alias === ''}
            loading={change.isPending}
          >
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ChannelWarehouses({ shop }: { shop: ShopDetail }) {
  const { t } = useTranslation();
  if (!shop.warehouses?.length) return null;
  return (
    <Text size="sm" c="dimmed">
      {t('shopSettings.channelWarehouses')}{' '}
      {shop.warehouses.map(({ name, is_default }) => (is_default ? `${name} ✓` : name)).join(', ')}
    </Text>
  );
}

function Agreement({ shop }: { shop: ShopDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayChange = useMay('shops.write');
  const [leaving, setLeaving] = useState(false);
  return (
    <>
      <Facts>
        <Fact name={t('shops.seller')}>{shop.seller || '–'}</Fact>
        <Fact name={t('shops.expiry')}>
          <Expiry at={shop.grant_ends_at} />
        </Fact>
        {shop.grant_ends_at && (
          <Fact name={t('shopSettings.endsOn')}>{format.time(shop.grant_ends_at, 'date')}</Fact>
        )}
      </Facts>
      <Text size="sm">{t('shopSettings.agreementText')}</Text>
      <Consent shop={shop} />
      {mayChange && (
        <Group>
          <Button variant="subtle" color="red" size="xs" onClick={() => setLeaving(true)}>
            {t('shops.disconnect')}
          </Button>
        </Group>
      )}
      {leaving && <Disconnect shop={shop} onClose={() => setLeaving(false)} />}
    </>
  );
}
