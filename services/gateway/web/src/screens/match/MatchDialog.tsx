// Listing SKUs beside the goods they may be: choose, see what will follow, confirm, see it happen.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { mappingPreviewQuery, suggestionsQuery } from '@/api/queries';
import { useFormat } from '@/format/useFormat';
import { Dialog } from '@/parts/Dialog';
import { MoreButton } from '@/parts/more';
import { ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { asItems, type Choices, sureOnes } from './choices';
import { JobProgress } from './JobProgress';
import { SkuRow } from './SkuRow';

interface Props {
  title: string;
  /** Keys of listing SKUs; none: all that are not linked. */
  keys: string[];
  onClose: () => void;
}

export function MatchDialog({ title, keys, onClose }: Props) {
  const [job, setJob] = useState('');
  return (
    <Dialog wide title={title} onClose={onClose}>
      {job ? (
        <JobProgress id={job} onClose={onClose} />
      ) : (
        <Choosing keys={keys} onClose={onClose} onJob={setJob} />
      )}
    </Dialog>
  );
}

interface ChoosingProps {
  keys: string[];
  onClose: () => void;
  onJob: (id: string) => void;
}

function Choosing({ keys, onClose, onJob }: ChoosingProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useInfiniteQuery(suggestionsQuery(keys));
  const [choices, setChoices] = useState<Choices>({});
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const sure = sureOnes(items, choices);
  const chosen = Object.keys(choices);
  const sync = useCommand({
    run: () =>
      ask(
        api.POST('/api/v1/mapping-jobs', {
          params: { header: command() },
          body: { items: asItems(choices) },
        }),
      ),
    done: ({ id }) => onJob(id),
  });
  return (
    <Stack>
      <ReadingState query={query} />
      {query.data && items.length === 0 && <Text size="sm">{t('match.nothing')}</Text>}
      {Object.keys(sure).length > 0 && (
        <Group>
          <Button
            variant="light"
            size="compact-sm"
            onClick={() => setChoices((old) => ({ ...old, ...sure }))}
          >
            {t('match.sure', { shown: format.number(Object.keys(sure).length) })}
          </Button>
        </Group>
      )}
      {items.map((suggestion) => (
        <SkuRow
          key={suggestion.of.key}
          suggestion={suggestion}
          choice={choices[suggestion.of.key]}
          onChoose={(choice) =>
            setChoices(({ [suggestion.of.key]: _, ...others }) =>
              choice ? { ...others, [suggestion.of.key]: choice } : others,
            )
          }
        />
      ))}
      <MoreButton query={query} />
      <Preview keys={chosen} />
      <ProblemNote error={sync.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button
          disabled={chosen.length === 0}
          loading={sync.isPending}
          onClick={() => sync.mutate()}
        >
          {t('match.doIt', { shown: format.number(chosen.length) })}
        </Button>
      </Group>
    </Stack>
  );
}

const COUNTED = 500; // SKUs whose orders are counted at once

/** What will follow, before anything is done. */
function Preview({ keys }: { keys: string[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery(mappingPreviewQuery(keys.slice(0, COUNTED)));
  if (!data || keys.length === 0 || data.orders_waiting === 0) return null;
  const lacking = data.orders_waiting - data.orders_ready;
  return (
    <Text size="sm" role="status" fw={600}>
      {data.orders_ready > 0 &&
        t('match.ready', {
          count: data.orders_ready,
          shown: format.number(data.orders_ready),
        })}{' '}
      {lacking > 0 && t('match.waiting', { count: lacking, shown: format.number(lacking) })}
    </Text>
  );
}
