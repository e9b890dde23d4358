// Into the archive, or back; why not, when something uses it.
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { asProblem } from '@/api/problem';
import type { CatalogueKind } from '@/api/types';
import { problemText } from '@/parts/ProblemNote';
import { say } from '@/parts/say';
import { useCommand } from '@/parts/useCommand';

interface Props {
  kind: CatalogueKind;
  id: string;
  archived: boolean;
  onDone: () => void;
}

export function Archive({ kind, id, archived, onDone }: Props) {
  const { t } = useTranslation();
  const [refusal, setRefusal] = useState('');
  const change = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/catalogue/archive', {
          params: { header: command() },
          body: { kind, ids: [id], archived: !archived },
        }),
      ),
    forget: [['variants'], ['listings']],
    done: ({ results: [result] }) => {
      if (!result?.done) {
        setRefusal(t(`goods.reason.${result?.reason}`, { count: result?.count ?? 0 }));
        return;
      }
      say(t(archived ? 'goods.restoreDone' : 'goods.archiveDone'));
      onDone();
    },
  });
  const said = change.error ? problemText(asProblem(change.error), t) : refusal;
  return (
    <div>
      <Button variant="default" loading={change.isPending} onClick={() => change.mutate()}>
        {t(archived ? 'goods.restore' : 'goods.archive')}
      </Button>
      {said && (
        <Text role="alert" size="sm" c="red.9" mt={4}>
          {said}
        </Text>
      )}
    </div>
  );
}
