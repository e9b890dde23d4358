// Whether what is shown follows what happens.
import { useTranslation } from 'react-i18next';
import { ToneBadge } from '@/status/StatusBadge';
import { useLiveState } from './live';

const TONES = { live: 'good', connecting: 'wait', away: 'warn' } as const;

export function LiveMark() {
  const { t } = useTranslation();
  const state = useLiveState();
  return (
    <span role="status" style={{ display: 'flex' }}>
      <ToneBadge tone={TONES[state]} text={t(`live.${state}`)} title={t(`live.${state}Text`)} />
    </span>
  );
}
