// What your people wrote on an order; what was changed or deleted can still be read.
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { notesQuery } from '@/api/queries';
import type { Note, NoteVersion } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Ask } from '@/parts/Ask';
import { ReadingState } from '@/parts/Page';
import { ProblemNote } from '@/parts/ProblemNote';
import { Section } from '@/parts/Section';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import { fits, standingOf } from './noteText';

export function Notes({ order }: { order: string }) {
  const { t } = useTranslation();
  const mayWrite = useMay('orders.write');
  const notes = useQuery(notesQuery(order));
  const [round, setRound] = useState(0);
  const add = useCommand({
    run: (text: string) =>
      ask(
        api.POST('/api/v1/orders/{id}/notes', {
          params: { path: { id: order }, header: command() },
          body: { text },
        }),
      ),
    forget: [['order', order]],
    done: () => setRound(round + 1),
  });
  const items = notes.data ?? [];
  if (!mayWrite && items.length === 0) return null;
  return (
    <Section id="notes" title={t('notes.title')}>
      <ReadingState query={notes} />
      {items.map((note) => (
        <OneNote key={note.note} order={order} note={note} mayWrite={mayWrite} />
      ))}
      {mayWrite && (
        <Form
          key={round}
          label={t('notes.new')}
          doIt={t('notes.add')}
          command={add}
          onDo={add.mutate}
        />
      )}
    </Section>
  );
}

interface FormProps {
  label: string;
  doIt: string;
  text?: string;
  command: { isPending: boolean; error: unknown };
  onDo: (text: string) => void;
  onCancel?: () => void;
}

function Form({ label, doIt, text: given = '', command, onDo, onCancel }: FormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(given);
  return (
    <Stack gap={6} maw={720}>
      <Textarea
        label={label}
        description={t('notes.about')}
        autosize
        minRows={2}
        maxRows={12}
        value={text}
        error={text !== '' && !fits(text) ? t('problem.NOTE_BAD') : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ProblemNote error={command.error} />
      <Group gap="xs">
        <Button
          size="xs"
          loading={command.isPending}
          disabled={!fits(text) || text === given}
          onClick={() => onDo(text)}
        >
          {doIt}
        </Button>
        {onCancel && (
          <Button size="xs" variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function OneNote({ order, note, mayWrite }: { order: string; note: Note; mayWrite: boolean }) {
  const { t } = useTranslation();
  const [doing, setDoing] = useState<'edit' | 'delete'>();
  const [opened, setOpened] = useState(false);
  const change = useCommand({
    run: (text: string | null) =>
      ask(
        api.PUT('/api/v1/orders/{id}/notes/{note}', {
          params: { path: { id: order, note: note.note } },
          body: { version: note.versions.length, text },
        }),
      ),
    forget: [['order', order]],
    done: () => setDoing(undefined),
  });
  const standing = standingOf(note);
  if (!standing) return null;
  const { now, before, deleted } = standing;
  if (doing === 'edit')
    return (
      <Form
        label={t('notes.change')}
        doIt={t('common.save')}
        text={now.text ?? ''}
        command={change}
        onDo={change.mutate}
        onCancel={() => setDoing(undefined)}
      />
    );
  return (
    <div>
      <Version version={now} changed={before.length > 0} />
      <Group gap="xs" mt={4}>
        {mayWrite && !deleted && (
          <>
            <Button size="compact-xs" variant="default" onClick={() => setDoing('edit')}>
              {t('notes.change')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setDoing('delete')}>
              {t('notes.delete')}
            </Button>
          </>
        )}
        {before.length > 0 && (
          <Button
            size="compact-xs"
            variant="default"
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            {t('notes.before')}
          </Button>
        )}
      </Group>
      {opened && (
        <Stack gap={6} mt={6} ml="md">
          {before.map((version) => (
            <Version key={version.version} version={version} changed={false} />
          ))}
        </Stack>
      )}
      {doing === 'delete' && (
        <Ask
          title={t('notes.delete')}
          doIt={t('notes.delete')}
          dangerous
          busy={change.isPending}
          error={change.error}
          onClose={() => setDoing(undefined)}
          onDo={() => change.mutate(null)}
        >
          <Text size="sm">{t('notes.deleteText')}</Text>
        </Ask>
      )}
    </div>
  );
}

function Version({ version, changed }: { version: NoteVersion; changed: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Text size="xs" c="dimmed">
        {version.user} · {format.time(version.at)}
        {changed && version.text !== null && ` · ${t('notes.changed')}`}
      </Text>
      <Text
        size="sm"
        c={version.text === null ? 'dimmed' : undefined}
        style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
      >
        {version.text ?? t('notes.deleted')}
      </Text>
    </>
  );
}
