// The clock until the marketplace decides without us: amber below a day, red below six hours.
import { useTranslation } from 'react-i18next';
import type { Return } from '@/api/types';
import { secondsUntil } from '@/format/time';
import { useFormat } from '@/format/useFormat';
import { ToneBadge } from '@/status/StatusBadge';
import { type Tone, toneOfDeadline } from '@/status/tones';

export function Deadline({ of }: { of: Pick<Return, 'deadline_at' | 'state'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!of.deadline_at) return null;
  const left = secondsUntil(of.deadline_at, Date.now());
  const tone: Tone = of.state === 'TO_ANSWER' ? toneOfDeadline(left) : 'neutral';
  return (
    <ToneBadge
      tone={tone}
      text={left < 0 ? t('returns.overdue') : format.span(left)}
      title={format.time(of.deadline_at)}
    />
  );
}
