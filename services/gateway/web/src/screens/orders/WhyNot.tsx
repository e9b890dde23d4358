// The open conditions of an order, in a few plain words each.
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OpenCondition } from '@/api/types';
import { describeCondition } from '@/conditions/describe';
import { useFormat } from '@/format/useFormat';

const SHOWN = 2;

export function WhyNot({ conditions }: { conditions: OpenCondition[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const more = conditions.length - SHOWN;
  return (
    <>
      {conditions.slice(0, SHOWN).map((condition) => {
        const { text, line } = describeCondition(condition, t, format);
        return (
          <Text key={`${condition.code} ${condition.line}`} size="sm" lh={1.35}>
            {line && (
              <Text component="span" size="sm" c="dimmed">
                {line}:{' '}
              </Text>
            )}
            {text}
          </Text>
        );
      })}
      {more > 0 && (
        <Text size="xs" c="dimmed">
          {t('orders.moreReasons', { count: more })}
        </Text>
      )}
    </>
  );
}
