// The frame of what is seen before signing in.
import { Box, Center, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isLanguage, LANGUAGE_NAMES } from '@/format/locale';
import { chooseLanguage } from '@/i18n';

export function LanguageSelect() {
  const { t, i18n } = useTranslation();
  return (
    <NativeSelect
      size="xs"
      aria-label={t('account.language')}
      value={i18n.language}
      onChange={({ currentTarget: { value } }) => isLanguage(value) && chooseLanguage(value, true)}
      data={Object.entries(LANGUAGE_NAMES).map(([value, label]) => ({ value, label }))}
    />
  );
}

interface Props {
  title: string;
  about?: string;
  children: ReactNode;
}

export function Front({ title, about, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Sampan`;
  }, [title]);
  return (
    <Center mih="100dvh" p="md" component="main">
      <Box w="100%" maw={440}>
        <Group justify="space-between" mb="md">
          <Group gap="xs">
            <img src="/sampan.svg" alt="" width={30} height={30} />
            <Text fw={700} size="xl">
              Sampan
            </Text>
          </Group>
          <LanguageSelect />
        </Group>
        <Paper p="lg">
          <Stack gap="md">
            <div>
              <Title order={1} size="h3">
                {title}
              </Title>
              {about && (
                <Text size="sm" c="dimmed" mt={4}>
                  {about}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
      </Box>
    </Center>
  );
}
