// What TikTok Shop was asked to do, and what became of it.
import { Alert, NativeSelect, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { tasksQuery } from '@/api/queries';
import type { Task } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { DataTable } from '@/parts/DataTable';
import { Empty } from '@/parts/Empty';
import { LinkAnchor } from '@/parts/links';
import { PagedList } from '@/parts/PagedList';
import { Section } from '@/parts/Section';
import { StatusBadge } from '@/status/StatusBadge';
import { whyText } from '@/status/why';
import { statusMeaning } from '@/status/words';

const BUSY_MS = 3000;

const isOpen = (task: Task) => task.ended_at == null;

export function Tasks({ shop }: { shop: string }) {
  const { t } = useTranslation();
  const { open } = useSearch({ from: '/shops/$id' });
  const navigate = useNavigate({ from: '/shops/$id' });
  const tasks = useInfiniteQuery({
    ...tasksQuery(shop, open),
    refetchInterval: ({ state }) => (state.data?.pages[0]?.items.some(isOpen) ? BUSY_MS : false),
  });
  return (
    <Section
      id="tasks"
      title={t('shopTab.tasks')}
      about={t('tasks.about')}
      actions={
        <NativeSelect
          aria-label={t('tasks.which')}
          value={open ?? ''}
          onChange={(event) =>
            void navigate({
              search: {
                tab: 'tasks',
                open: event.currentTarget.value === 'open' ? 'open' : undefined,
              },
            })
          }
          data={[
            { value: '', label: t('tasks.all') },
            { value: 'open', label: t('tasks.open') },
          ]}
        />
      }
    >
      <PagedList
        query={tasks}
        empty={
          <Empty
            title={t(open ? 'tasks.noneOpen' : 'tasks.none')}
            text={t(open ? 'tasks.noneOpenText' : 'tasks.noneText')}
          />
        }
      >
        {(items) => <Table items={items} shop={shop} />}
      </PagedList>
    </Section>
  );
}

function Table({ items, shop }: { items: Task[]; shop: string }) {
  const { t } = useTranslation();
  return (
    <>
      {items.some(({ state }) => state === 'ASKED') && (
        <Alert color="yellow" variant="light" title={t('tasks.unknownTitle')}>
          {t('tasks.unknownText')}
        </Alert>
      )}
      <DataTable
        label={t('shopTab.tasks')}
        rows={items}
        rowKey={({ id }) => id}
        columns={[
          { name: t('tasks.what'), cell: (task) => <What task={task} shop={shop} /> },
          { name: t('tasks.state'), cell: (task) => <State task={task} /> },
          { name: t('tasks.when'), cell: (task) => <When task={task} /> },
        ]}
      />
    </>
  );
}

function What({ task, shop }: { task: Task; shop: string }) {
  const { t } = useTranslation();
  const order = task.channel_order_id;
  return (
    <div>
      <Text size="sm" fw={600}>
        {t(`taskKind.${task.kind}`, { defaultValue: task.kind })}
      </Text>
      {order ? (
        <LinkAnchor to="/orders/$id" params={{ id: `${shop}-${order}` }} size="sm" ff="monospace">
          {order}
        </LinkAnchor>
      ) : (
        <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {task.id.split('/').slice(1).join(' / ')}
        </Text>
      )}
    </div>
  );
}

function State({ task }: { task: Task }) {
  const { t } = useTranslation();
  return (
    <div>
      <StatusBadge kind="task" state={task.state} />
      <Text size="sm" c="dimmed">
        {whyText(task.reason, t) || statusMeaning('task', task.state, t)}
      </Text>
    </div>
  );
}

function When({ task }: { task: Task }) {
  const { t } = useTranslation();
  const format = useFormat();
  const next = task.next_try_at;
  return (
    <div>
      <Text size="sm">{format.time(task.made_at)}</Text>
      <Text size="sm" c="dimmed">
        {task.ended_at
          ? t('tasks.ended', { time: format.time(task.ended_at) })
          : next &&
            t(task.tries > 0 ? 'tasks.next' : 'tasks.first', {
              count: task.tries,
              time: format.time(next, 'clock'),
            })}
      </Text>
    </div>
  );
}
