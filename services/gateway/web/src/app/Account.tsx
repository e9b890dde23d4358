// The person's menu: who, language, sign out.
import { Button, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconLogout, IconUser } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, ask } from '@/api/client';
import type { Me } from '@/api/types';
import { LANGUAGE_NAMES } from '@/format/locale';
import { chooseLanguage } from '@/i18n';
import { useCommand } from '@/parts/useCommand';

export function Account({ me }: { me: Me }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const leave = useCommand({
    run: () => ask(api.DELETE('/api/v1/session')),
    done: () => {
      queries.clear();
      location.hash = '#/';
      location.reload();
    },
  });
  return (
    <Menu position="bottom-end" width={220} withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="inherit"
          size="compact-md"
          leftSection={<IconUser size={18} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          aria-label={t('account.menu', { login: me.login })}
        >
          <Text component="span" size="sm" maw={120} truncate visibleFrom="xs">
            {me.login}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.account.name} · {t(`role.${me.role}`)}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t('account.language')}</Menu.Label>
        {Object.entries(LANGUAGE_NAMES).map(([language, name]) => (
          <Menu.Item
            key={language}
            lang={language}
            fw={i18n.language === language ? 700 : undefined}
            aria-current={i18n.language === language ? 'true' : undefined}
            onClick={() => void chooseLanguage(language as keyof typeof LANGUAGE_NAMES, true)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => leave.mutate()}
        >
          {t('account.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
