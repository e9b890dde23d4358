// A question before something that cannot be undone: the button says what it does.
import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './Dialog';
import { ProblemNote } from './ProblemNote';

interface Props {
  title: string;
  doIt: string;
  dangerous?: boolean;
  busy?: boolean;
  disabled?: boolean;
  error?: unknown;
  onClose: () => void;
  onDo: () => void;
  children: ReactNode;
}

export function Ask(props: Props) {
  const { t } = useTranslation();
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <Stack>
        {props.children}
        <ProblemNote error={props.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            color={props.dangerous ? 'red' : undefined}
            loading={props.busy}
            disabled={props.disabled}
            onClick={props.onDo}
          >
            {props.doIt}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
