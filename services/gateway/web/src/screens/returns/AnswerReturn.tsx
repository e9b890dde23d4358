// The question before a buyer is answered; who declines gives one of the marketplace's reasons.
import { NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { ReturnDetail } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Ask } from '@/parts/Ask';
import { useCommand } from '@/parts/useCommand';

interface Props {
  one: ReturnDetail;
  accept: boolean;
  onClose: () => void;
}

export function AnswerReturn({ one, accept, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [reason, setReason] = useState('');
  const answer = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/returns/{id}/answer', {
          params: { path: { id: one.id }, header: command() },
          body: { accept, wants: one.wants ?? '', ...(reason ? { reason } : {}) },
        }),
      ),
    forget: [['returns'], ['order']],
    said: () => t('returns.asked'),
    done: onClose,
  });
  return (
    <Ask
      title={accept ? t('returns.accept') : t('returns.decline')}
      doIt={accept ? t('returns.accept') : t('returns.decline')}
      dangerous={!accept}
      disabled={!accept && !reason}
      busy={answer.isPending}
      error={answer.error}
      onClose={onClose}
      onDo={() => answer.mutate()}
    >
      <Text size="sm">{t(`returnWants.${one.wants}`, { defaultValue: one.wants ?? '' })}</Text>
      <Text size="sm">{t('returns.answerText', { refund: format.money(one.refund) })}</Text>
      {!accept && (
        <NativeSelect
          label={t('returns.declineReason')}
          data={[
            '',
            ...one.refusals.map(({ name, text }) => ({ value: name, label: text || name })),
          ]}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
        />
      )}
    </Ask>
  );
}
