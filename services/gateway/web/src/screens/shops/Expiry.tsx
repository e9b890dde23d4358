// When the seller's agreement ends, amber and red as it comes near.
import { useTranslation } from 'react-i18next';
import { secondsUntil } from '@/format/time';
import { useFormat } from '@/format/useFormat';
import { ToneBadge } from '@/status/StatusBadge';

const DAY_S = 86_400;
const WARN_DAYS = 30;
const BAD_DAYS = 7;

export function Expiry({ at }: { at: string | null | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!at) return <>{t('shops.noExpiry')}</>;
  const days = secondsUntil(at, Date.now()) / DAY_S;
  const text = days < 0 ? t('shops.expired') : format.ago(at);
  if (days >= WARN_DAYS) return <span title={format.time(at)}>{text}</span>;
  return <ToneBadge tone={days < BAD_DAYS ? 'bad' : 'warn'} text={text} title={format.time(at)} />;
}
