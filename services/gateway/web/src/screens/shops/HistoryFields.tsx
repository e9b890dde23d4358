// How much history: none, the last days, or from a day to a day.
import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { History } from '@/api/types';
import { dayOf, dayStart } from '@/format/time';

export interface HistoryChoice {
  kind: History['kind'];
  days: string;
  from: string;
  until: string;
}

export const MOST_DAYS = 3650;
const DEFAULT_DAYS = 60;

export const FIRST_HISTORY: HistoryChoice = {
  kind: 'days',
  days: String(DEFAULT_DAYS),
  from: '',
  until: '',
};

export function historyOf(choice: HistoryChoice, timeZone: string): History {
  if (choice.kind === 'none') return { kind: 'none' };
  const from = dayStart(choice.from, timeZone);
  if (choice.kind === 'range' && from !== null) {
    const last = choice.until || dayOf(Date.now(), timeZone);
    const until = dayStart(dayOf(Date.parse(`${last}T12:00:00Z`), 'UTC', 1), timeZone);
    return { kind: 'range', from, until: until ?? new Date().toISOString() };
  }
  const days = Number.parseInt(choice.days, 10);
  return { kind: 'days', days: Math.min(Math.max(days || DEFAULT_DAYS, 1), MOST_DAYS) };
}

/** A range needs its first day, and may not end before it. */
export function isHistory(choice: HistoryChoice): boolean {
  if (choice.kind !== 'range') return true;
  return choice.from !== '' && (choice.until === '' || choice.from <= choice.until);
}

interface Props<Choice> {
  choice: Choice;
  kinds: readonly History['kind'][];
  onChange: (part: Partial<HistoryChoice>) => void;
}

export function HistoryFields<Choice extends HistoryChoice>({
  choice,
  kinds,
  onChange,
}: Props<Choice>) {
  const { t } = useTranslation();
  const backwards = choice.from !== '' && !isHistory(choice);
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <NativeSelect
          label={t('connect.history')}
          value={choice.kind}
          onChange={(event) => onChange({ kind: event.currentTarget.value as History['kind'] })}
          data={kinds.map((value) => ({ value, label: t(`connect.historyKind.${value}`) }))}
        />
        {choice.kind === 'days' && (
          <TextInput
            type="number"
            min={1}
            max={MOST_DAYS}
            label={t('connect.days')}
            value={choice.days}
            onChange={(event) => onChange({ days: event.currentTarget.value })}
          />
        )}
      </SimpleGrid>
      {choice.kind === 'range' && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput
            type="date"
            label={t('load.from')}
            required
            value={choice.from}
            onChange={(event) => onChange({ from: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            label={t('load.until')}
            value={choice.until}
            error={backwards ? t('load.bad') : undefined}
            onChange={(event) => onChange({ until: event.currentTarget.value })}
          />
        </SimpleGrid>
      )}
    </>
  );
}
