// A tag's name and colour: a new one, or one that is there.
import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { Tag, TagInput } from '@/api/types';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { TAG_CHARACTERS, TAG_COLOURS } from './tagging';

const FORGET = [['tags'], ['orders'], ['order']];
const PLAIN: TagInput = { name: '', colour: 'gray' };

const make = (body: TagInput) =>
  ask(api.POST('/api/v1/tags', { params: { header: command() }, body }));
const change = (id: string, body: TagInput) =>
  ask(api.PUT('/api/v1/tags/{id}', { params: { path: { id } }, body }));

export function TagForm({ tag, onMade }: { tag?: Tag; onMade?: (id: string) => void }) {
  const { t } = useTranslation();
  const [form, setForm] = useState<TagInput>(tag ?? PLAIN);
  const name = form.name.trim();
  const same = tag !== undefined && tag.name === name && tag.colour === form.colour;
  const save = useCommand({
    run: () => {
      const body = { name, colour: form.colour };
      return tag ? change(tag.id, body) : make(body);
    },
    forget: FORGET,
    done: ({ id }) => {
      if (!tag) setForm(PLAIN);
      onMade?.(id);
    },
  });
  const whose = tag ? `${tag.name}: ` : '';
  return (
    <>
      <Group gap="xs" align="flex-end">
        <TextInput
          size="xs"
          label={tag ? undefined : t('tags.new')}
          aria-label={tag && `${whose}${t('tags.name')}`}
          maxLength={TAG_CHARACTERS}
          value={form.name}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        />
        <NativeSelect
          size="xs"
          aria-label={`${whose}${t('tags.colour')}`}
          value={form.colour}
          onChange={(event) =>
            setForm({ ...form, colour: event.currentTarget.value as TagInput['colour'] })
          }
          data={TAG_COLOURS.map((value) => ({ value, label: t(`tagColour.${value}`) }))}
        />
        <Button
          size="xs"
          variant="default"
          loading={save.isPending}
          disabled={name === '' || same}
          onClick={() => save.mutate()}
        >
          {tag ? t('common.save') : t('tags.make')}
        </Button>
      </Group>
      <ProblemNote error={save.error} />
    </>
  );
}
