// Tags put on orders and taken off them; each order has its own result.
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tagsQuery } from '@/api/queries';
import type { Order, TagResult } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Dialog } from '@/parts/Dialog';
import { LinkAnchor } from '@/parts/links';
import { ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { StatusBadge } from '@/status/StatusBadge';
import { TagForm } from './TagForm';
import { TagName } from './Tags';
import { countTagResults, standingOf, tagOrders, wishOf } from './tagging';

interface Props {
  ids: string[];
  /** Those of them that are known. */
  orders: Pick<Order, 'tags'>[];
  onClose: () => void;
}

export function TagDialog({ ids, orders, onClose }: Props) {
  const { t } = useTranslation();
  const tags = useQuery(tagsQuery);
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [results, setResults] = useState<TagResult[]>();
  const standing = (tag: string) => standingOf(tag, orders);
  const wish = wishOf(chosen, standing);
  const save = useCommand({
    run: () => tagOrders(ids, wish),
    forget: [['orders'], ['order']],
    done: (items) => (items.every(isDone) ? onClose() : setResults(items)),
  });
  const choose = (tag: string, on: boolean) => setChosen(new Map(chosen).set(tag, on));
  if (results) return <Results results={results} onClose={onClose} />;
  return (
    <Dialog title={t('tags.title')} onClose={onClose}>
      <Stack gap="sm">
        <ReadingState query={tags} />
        {tags.data?.map((tag) => (
          <Checkbox
            key={tag.id}
            label={<TagName tag={tag} />}
            checked={chosen.get(tag.id) ?? standing(tag.id) === 'all'}
            indeterminate={!chosen.has(tag.id) && standing(tag.id) === 'some'}
            onChange={(event) => choose(tag.id, event.currentTarget.checked)}
          />
        ))}
        <TagForm onMade={(id) => choose(id, true)} />
        <ProblemNote error={save.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            loading={save.isPending}
            disabled={wish.put.length + wish.take.length === 0}
            onClick={() => save.mutate()}
          >
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

const isDone = ({ result }: TagResult) => result === 'CHANGED' || result === 'UNCHANGED';

function Results({ results, onClose }: { results: TagResult[]; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counts = Object.entries(countTagResults(results)).filter(([, count]) => count > 0);
  return (
    <Dialog title={t('bulk.results')} onClose={onClose}>
      <Stack gap="sm">
        <Group gap="md">
          {counts.map(([result, count]) => (
            <Group key={result} gap={6}>
              <StatusBadge kind="tagging" state={result} />
              <Text fw={700}>{format.number(count)}</Text>
            </Group>
          ))}
        </Group>
        {results
          .filter((item) => !isDone(item))
          .map(({ id, result }) => (
            <Group key={id} gap="xs">
              <LinkAnchor to="/orders/$id" params={{ id }} size="sm" ff="monospace">
                {id.slice(id.indexOf('-') + 1)}
              </LinkAnchor>
              <StatusBadge kind="tagging" state={result} />
            </Group>
          ))}
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('common.close')}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
