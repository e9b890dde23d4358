// An order made by hand: a new one, or one that is not placed yet.
import { Button, Checkbox, Group, Paper, Stack, Textarea, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { customerQuery } from '@/api/customer';
import { meQuery, orderQuery } from '@/api/queries';
import { LinkButton } from '@/parts/links';
import { MoneyInput } from '@/parts/MoneyInput';
import { Page, ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { ManualLines } from './ManualLines';
import { bodyOf, emptyForm, formOf, isComplete, type ManualForm } from './manual';

export function NewOrderScreen() {
  const { t } = useTranslation();
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  return (
    <Page title={t('manual.new')}>
      <Form begin={emptyForm(me?.account.currency ?? 'USD')} />
    </Page>
  );
}

export function ChangeOrderScreen() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/orders/$id/change' });
  const order = useQuery({ ...orderQuery(id), staleTime: Number.POSITIVE_INFINITY });
  const customer = useQuery(customerQuery(id));
  return (
    <Page title={t('manual.change', { id: id.slice(id.indexOf('-') + 1) })}>
      <ReadingState query={order} />
      {order.data && !customer.isPending && (
        <Form key={id} id={id} begin={formOf(order.data, customer.data)} />
      )}
    </Page>
  );
}

/** `id`: of the order that is changed. */
function Form({ begin, id }: { begin: ManualForm; id?: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [form, setForm] = useState(begin);
  const set = (part: Partial<ManualForm>) => setForm((old) => ({ ...old, ...part }));
  const save = useCommand({
    run: () => {
      const body = bodyOf(form);
      return ask(
        id
          ? api.PUT('/api/v1/orders/{id}', { params: { path: { id } }, body })
          : api.POST('/api/v1/orders', { params: { header: command() }, body }),
      );
    },
    forget: [['orders'], ['order'], ['buyers']],
    done: (saved) => void navigate({ to: '/orders/$id', params: { id: saved.id } }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md" maw={900}>
        <OrderPart form={form} set={set} changes={Boolean(id)} />
        <ManualLines
          lines={form.lines}
          currency={form.currency}
          onChange={(lines) => set({ lines })}
        />
        <CustomerPart form={form} set={set} />
        <ProblemNote error={save.error} />
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!isComplete(form)}>
            {t('common.save')}
          </Button>
          {id ? (
            <LinkButton to="/orders/$id" params={{ id }} variant="default">
              {t('common.cancel')}
            </LinkButton>
          ) : (
            <LinkButton to="/orders" variant="default">
              {t('common.cancel')}
            </LinkButton>
          )}
        </Group>
      </Stack>
    </form>
  );
}

interface PartProps {
  form: ManualForm;
  set: (part: Partial<ManualForm>) => void;
}

function OrderPart({ form, set, changes }: PartProps & { changes: boolean }) {
  const { t } = useTranslation();
  return (
    <Paper p="md">
      <Stack gap="sm">
        <Group grow align="end">
          <TextInput
            label={t('manual.reference')}
            description={t('manual.referenceText')}
            required
            disabled={changes}
            maxLength={32}
            value={form.reference}
            onChange={(event) => set({ reference: event.currentTarget.value.trim() })}
          />
          <TextInput
            label={t('manual.currency')}
            description={t('manual.currencyText')}
            required
            maxLength={3}
            value={form.currency}
            onChange={(event) => set({ currency: event.currentTarget.value.toUpperCase() })}
          />
          <MoneyInput
            label={t('manual.shipping')}
            description={t('manual.shippingText')}
            currency={form.currency}
            value={form.shipping}
            onChange={(shipping) => set({ shipping })}
          />
        </Group>
        <Checkbox
          label={t('orderFilter.flag.COD')}
          checked={form.isCod}
          onChange={(event) => set({ isCod: event.currentTarget.checked })}
        />
        <Textarea
          label={t('manual.note')}
          autosize
          maxLength={160}
          value={form.note}
          onChange={(event) => set({ note: event.currentTarget.value })}
        />
      </Stack>
    </Paper>
  );
}

function CustomerPart({ form, set }: PartProps) {
  const { t } = useTranslation();
  return (
    <Paper p="md" component="section" aria-labelledby="customer">
      <Stack gap="sm">
        <Title order={2} size="h4" id="customer">
          {t('manual.customer')}
        </Title>
        <Group grow align="start">
          <TextInput
            label={t('person.name')}
            autoComplete="off"
            maxLength={60}
            value={form.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t('person.phone_number')}
            autoComplete="off"
            inputMode="tel"
            maxLength={40}
            value={form.phone}
            onChange={(event) => set({ phone: event.currentTarget.value })}
          />
        </Group>
        <Textarea
          label={t('person.full_address')}
          autoComplete="off"
          autosize
          maxLength={160}
          value={form.address}
          onChange={(event) => set({ address: event.currentTarget.value })}
        />
      </Stack>
    </Paper>
  );
}
