// A problem in words: what happened, what to do, and the codes that support asks for.
import { Alert, Button, Code, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { type ApiError, asProblem } from '@/api/problem';

/** The translated sentence for a code; for one that has none, what the answer said. */
export function problemText(problem: ApiError, t: TFunction): string {
  const fallback = problem.detail || t('problem.UNKNOWN', { code: problem.code });
  return t(`problem.${problem.code}`, {
    defaultValue: fallback,
    seconds: problem.retryAfterS ?? 60,
  });
}

interface Props {
  error: unknown;
  onRetry?: (() => void) | undefined;
  title?: string | undefined;
}

export function ProblemNote({ error, onRetry, title }: Props) {
  const { t } = useTranslation();
  if (!error) return null;
  const problem = asProblem(error);
  const text = problemText(problem, t);
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? t('problem.title')}
    >
      <Text size="sm">{text}</Text>
      {problem.detail && problem.detail !== text && (
        <Text size="sm" c="dimmed" mt={4}>
          {problem.detail}
        </Text>
      )}
      <Group mt="xs" gap="xs">
        <Code>{problem.code}</Code>
        {problem.traceId && <Code>{problem.traceId}</Code>}
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
