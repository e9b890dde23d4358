// One command for some orders: asked once with the count, then a result for each of them.
import { Checkbox, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrderResult } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Ask } from '@/parts/Ask';
import { useCommand } from '@/parts/useCommand';
import { type Bulk, runBulk } from './bulk';
import { OrderResults } from './OrderResults';

const REASON_MOST = 120;
/** A stage comes back from placement a moment after the command. */
const STAGED_MS = 1500;

interface Props {
  bulk: Bulk;
  ids: string[];
  /** `done`: it was carried out. */
  onClose: (done: boolean) => void;
}

export function BulkDialog({ bulk, ids, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [results, setResults] = useState<OrderResult[] | null>(null);
  const [override, setOverride] = useState(false);
  const [reason, setReason] = useState('');
  const words = { count: ids.length, shown: format.number(ids.length) };
  const run = useCommand({
    run: () => runBulk(bulk, ids, setResults, { override, reason: reason.trim() || undefined }),
    forget: [['orders'], ['order'], ['wallet']],
    forgetLater: STAGED_MS,
  });
  if (results && !run.isPending)
    return (
      <OrderResults bulk={bulk} results={results} error={run.error} onClose={() => onClose(true)} />
    );
  return (
    <Ask
      title={t(`bulk.${bulk}.title`)}
      doIt={t(`bulk.${bulk}.do`, words)}
      dangerous={bulk === 'delete'}
      disabled={override && reason.trim() === ''}
      busy={run.isPending}
      error={run.error}
      onClose={() => onClose(false)}
      onDo={() => run.mutate()}
    >
      <Text size="sm">{t(`bulk.${bulk}.text`)}</Text>
      {bulk === 'delete' && (
        <>
          <Checkbox
            label={t('bulk.override')}
            checked={override}
            onChange={(event) => setOverride(event.currentTarget.checked)}
          />
          <TextInput
            label={t('returns.reason')}
            maxLength={REASON_MOST}
            required={override}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </>
      )}
      {results && (
        <Text size="sm" role="status">
          {t('bulk.answered', {
            done: format.number(results.length),
            all: format.number(ids.length),
          })}
        </Text>
      )}
    </Ask>
  );
}
