// Cancelling an order, or single units of it, with one of the reasons that TikTok Shop takes for that.
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { Cancelling, LineUnits, OrderDetail } from '@/api/types';
import { Ask } from '@/parts/Ask';
import { useCommand } from '@/parts/useCommand';
import { chosenUnits, mayChooseUnits } from './cancel';

interface Props {
  order: OrderDetail;
  offer: Cancelling;
  onClose: () => void;
}

export function CancelOrder({ order, offer, onClose }: Props) {
  const { t } = useTranslation();
  const [some, setSome] = useState(false);
  const [typed, setTyped] = useState<Record<number, string>>({});
  const [reason, setReason] = useState('');
  const lines = some ? chosenUnits(offer.lines, typed) : undefined;
  const cancel = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/orders/{id}/cancel', {
          params: { path: { id: order.id }, header: command() },
          body: lines ? { reason, lines } : { reason },
        }),
      ),
    forget: [['order'], ['orders']],
    said: ({ state }) => t(state === 'REQUESTED' ? 'returns.asked' : 'manual.cancelled'),
    done: onClose,
  });
  const choose = (what: string) => {
    setSome(what === 'some');
    setReason('');
  };
  return (
    <Ask
      title={t('cancelOrder.do')}
      doIt={some ? t('cancelOrder.doSome') : t('cancelOrder.do')}
      dangerous
      disabled={!reason || lines?.length === 0}
      busy={cancel.isPending}
      error={cancel.error}
      onClose={onClose}
      onDo={() => cancel.mutate()}
    >
      {mayChooseUnits(offer) && (
        <NativeSelect
          label={t('cancelOrder.what')}
          data={[
            { value: 'all', label: t('cancelOrder.all') },
            { value: 'some', label: t('cancelOrder.some') },
          ]}
          value={some ? 'some' : 'all'}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      )}
      {some &&
        offer.lines.map((open) => (
          <UnitsOf
            key={open.line}
            order={order}
            open={open}
            value={typed[open.line] ?? ''}
            onChange={(value) => setTyped({ ...typed, [open.line]: value })}
          />
        ))}
      <NativeSelect
        label={t('returns.reason')}
        description={t('cancelOrder.text')}
        data={[
          '',
          ...(some ? offer.unit_reasons : offer.reasons).map(({ name, meaning }) => ({
            value: name,
            label: t(`cancelReason.${meaning}`, { defaultValue: name }),
          })),
        ]}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        required
      />
    </Ask>
  );
}

function UnitsOf(props: {
  order: OrderDetail;
  open: LineUnits;
  value: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const { line, units } = props.open;
  const found = props.order.lines.find((one) => one.line === line);
  return (
    <TextInput
      type="number"
      min={0}
      max={units}
      label={`${line}. ${found?.product_name || found?.seller_sku || ''}`}
      description={t('cancelOrder.units', { units })}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
