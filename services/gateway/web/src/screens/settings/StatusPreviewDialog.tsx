// Which orders a change of the status table would show otherwise; only what is seen here can be saved.
import { Group, List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, ask } from '@/api/client';
import type { StatusPreview } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { Ask } from '@/parts/Ask';
import { LinkAnchor } from '@/parts/links';
import { useCommand } from '@/parts/useCommand';
import { statusText } from '@/status/words';
import { keyOf, ruleWord } from './statuses';

const SHOWN_IDS = 5;

interface Props {
  preview: StatusPreview;
  onClose: () => void;
  onSaved: () => void;
}

export function StatusPreviewDialog({ preview, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const save = useCommand({
    run: () => ask(api.PUT('/api/v1/settings/statuses', { body: { token: preview.token } })),
    forget: [['settings', 'statuses'], ['orders'], ['order']],
    said: () => t('settings.saved'),
    done: onSaved,
  });
  return (
    <Ask
      title={t('statusTable.previewTitle')}
      doIt={t('statusTable.save', { count: preview.orders, shown: format.number(preview.orders) })}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onDo={() => save.mutate()}
    >
      <List spacing="xs">
        {preview.rules.map((rule) => (
          <List.Item key={keyOf(rule)}>
            <Text size="sm">
              {t('statusTable.effect', {
                status: ruleWord(rule, t),
                from: statusText('hub', rule.from.hub_status, t),
                to: statusText('hub', rule.to.hub_status, t),
                group: t(`orderFilter.status_group.${rule.to.status_group}`),
                shown: format.number(rule.orders),
              })}
            </Text>
            <Group gap={8}>
              {rule.first_ids.slice(0, SHOWN_IDS).map((id) => (
                <LinkAnchor
                  key={id}
                  to="/orders/$id"
                  params={{ id }}
                  search={{}}
                  size="xs"
                  ff="monospace"
                >
                  {id.slice(id.indexOf('-') + 1)}
                </LinkAnchor>
              ))}
            </Group>
          </List.Item>
        ))}
      </List>
    </Ask>
  );
}
