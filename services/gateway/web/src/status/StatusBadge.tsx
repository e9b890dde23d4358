// A state as icon, word and colour, never by colour alone.
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDot,
  IconCircleMinus,
  IconCircleX,
  IconClock,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './StatusBadge.module.css';
import { type StatusKind, type Tone, toneOf } from './tones';
import { statusMeaning, statusText } from './words';

const ICONS: Record<Tone, typeof IconClock> = {
  neutral: IconCircleMinus,
  info: IconCircleDot,
  wait: IconClock,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  good: IconCircleCheck,
};

export function ToneBadge({ tone, text, title }: { tone: Tone; text: string; title?: string }) {
  const Icon = ICONS[tone];
  return (
    <span className={classes.badge} data-tone={tone} title={title || undefined}>
      <Icon size={14} aria-hidden />
      {text}
    </span>
  );
}

export function StatusBadge({ kind, state }: { kind: StatusKind; state: string }) {
  const { t } = useTranslation();
  return (
    <ToneBadge
      tone={toneOf(kind, state)}
      text={statusText(kind, state, t)}
      title={statusMeaning(kind, state, t)}
    />
  );
}
