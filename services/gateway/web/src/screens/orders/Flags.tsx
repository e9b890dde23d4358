// What is special about an order: kinds that are handled apart, what runs out, what can still be stopped.
import { Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Order } from '@/api/types';
import { secondsUntil } from '@/format/time';
import { useFormat } from '@/format/useFormat';
import { ToneBadge } from '@/status/StatusBadge';
import type { Tone } from '@/status/tones';

const TONE: Record<string, Tone> = {
  MANUAL: 'info',
  COD: 'neutral',
  SAMPLE: 'info',
  REPLACEMENT: 'info',
  BY_CHANNEL: 'info',
  SPLIT: 'info',
  CANCEL_WANTED: 'bad',
  CONFLICT: 'bad',
};

export function Flags({ order }: { order: Pick<Order, 'flags' | 'clock' | 'can_stop'> }) {
  const { t } = useTranslation();
  const shown = (order.flags ?? []).filter((flag) => flag in TONE);
  return (
    <Group gap={4}>
      {shown.map((flag) => (
        <ToneBadge
          key={flag}
          tone={TONE[flag] ?? 'info'}
          text={t(`orderFilter.flag.${flag}`)}
          title={t(`flagMeaning.${flag}`, { defaultValue: '' })}
        />
      ))}
      {order.can_stop && <ToneBadge tone="warn" text={t(`canStop.${order.can_stop}`)} />}
      <Clock clock={order.clock} />
    </Group>
  );
}

/** What comes next by itself: a reminder to the buyer, the marketplace's cancelling, the end of the hold. */
function Clock({ clock }: Pick<Order, 'clock'>) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!clock) return null;
  const now = Date.now();
  const all = [
    ...(clock.remind_at ?? []).map((at) => ({ what: 'remind', at })),
    ...(clock.cancel_at ? [{ what: 'cancel', at: clock.cancel_at }] : []),
    ...(clock.hold_until ? [{ what: 'hold', at: clock.hold_until }] : []),
  ];
  const next = all.find(({ at }) => secondsUntil(at, now) > 0) ?? all.at(-1);
  if (!next) return null;
  return (
    <ToneBadge
      tone="wait"
      text={t(`orderClock.${next.what}`, { when: format.ago(next.at) })}
      title={all
        .map(({ what, at }) => t(`orderClock.${what}`, { when: format.time(at) }))
        .join('\n')}
    />
  );
}
