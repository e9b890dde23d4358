// The tags that orders may have: their names and colours, and deleting one.
import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '@/api/client';
import { tagsQuery } from '@/api/queries';
import type { Tag } from '@/api/types';
import { Ask } from '@/parts/Ask';
import { ReadingState } from '@/parts/Page';
import { Section } from '@/parts/Section';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import { TagForm } from '../orders/TagForm';
import { TagName } from '../orders/Tags';

export function TagBook() {
  const { t } = useTranslation();
  const mayWrite = useMay('orders.write');
  const tags = useQuery(tagsQuery);
  const [deleting, setDeleting] = useState<Tag>();
  const remove = useCommand({
    run: (id: string) => ask(api.DELETE('/api/v1/tags/{id}', { params: { path: { id } } })),
    forget: [['tags'], ['orders'], ['order']],
    done: () => setDeleting(undefined),
  });
  if (!mayWrite) return null;
  return (
    <Section id="tags" title={t('tags.title')} about={t('tags.about')}>
      <ReadingState query={tags} />
      {tags.data?.map((tag) => (
        <Group key={`${tag.id} ${tag.name} ${tag.colour}`} gap="xs" align="flex-end">
          <TagForm tag={tag} />
          <Button
            size="xs"
            variant="default"
            aria-label={`${t('tags.delete')}: ${tag.name}`}
            onClick={() => setDeleting(tag)}
          >
            {t('tags.delete')}
          </Button>
        </Group>
      ))}
      <TagForm />
      {deleting && (
        <Ask
          title={t('tags.delete')}
          doIt={t('tags.delete')}
          dangerous
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setDeleting(undefined)}
          onDo={() => remove.mutate(deleting.id)}
        >
          <Group gap="xs">
            <TagName tag={deleting} />
          </Group>
          <Text size="sm">{t('tags.deleteText')}</Text>
        </Ask>
      )}
    </Section>
  );
}
