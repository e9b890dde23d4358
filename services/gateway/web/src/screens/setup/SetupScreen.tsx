// The first account and its owner, from the link that the first start prints.
import {
  Button,
  NativeSelect,
  PasswordInput,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '@/api/client';
import { asProblem } from '@/api/problem';
import { isLanguage, LANGUAGE_NAMES } from '@/format/locale';
import { CURRENCIES, currencyOf, timeZones } from '@/format/places';
import { browserTimeZone } from '@/format/useFormat';
import { chooseLanguage } from '@/i18n';
import { Front } from '@/parts/Front';
import { LinkButton } from '@/parts/links';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';

const LEAST_PASSWORD = 12;
const TOKEN_LETTERS = 43;

export function SetupScreen() {
  const { t, i18n } = useTranslation();
  const { token = '' } = useSearch({ from: '/setup' });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const zone = browserTimeZone();
  const [form, setForm] = useState({
    login: '',
    password: '',
    again: '',
    name: '',
    time_zone: zone,
    currency: currencyOf(zone),
  });
  const set = (field: keyof typeof form) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setForm((old) => ({ ...old, [field]: value }));
  };
  const begin = useCommand({
    run: () => {
      const { login, password, name, time_zone, currency } = form;
      const language = isLanguage(i18n.language) ? i18n.language : 'en';
      const body = { token, login, password, account: { name, time_zone, currency, language } };
      return ask(api.POST('/api/v1/setup', { body }));
    },
    done: (me) => {
      queries.setQueryData(['me'], me);
      void navigate({ to: '/', replace: true });
    },
  });
  if (token.length !== TOKEN_LETTERS)
    return (
      <Front title={t('setup.title')} about={t('setup.badLink')}>
        <LinkButton to="/" variant="default">
          {t('setup.toSignIn')}
        </LinkButton>
      </Front>
    );
  const short = form.password !== '' && form.password.length < LEAST_PASSWORD;
  const differs = form.again !== '' && form.again !== form.password;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!short && form.again === form.password) begin.mutate();
  };
  const isOver = begin.error && asProblem(begin.error).code === 'ALREADY_SET_UP';
  return (
    <Front title={t('setup.title')} about={t('setup.about')}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t('setup.name')}
            description={t('setup.nameText')}
            required
            maxLength={120}
            autoFocus
            value={form.name}
            onChange={set('name')}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NativeSelect
              label={t('setup.language')}
              value={i18n.language}
              onChange={({ currentTarget: { value } }) =>
                isLanguage(value) && chooseLanguage(value, true)
              }
              data={Object.entries(LANGUAGE_NAMES).map(([value, label]) => ({ value, label }))}
            />
            <NativeSelect
              label={t('setup.currency')}
              value={form.currency}
              onChange={set('currency')}
              data={CURRENCIES}
            />
          </SimpleGrid>
          <Text size="xs" c="dimmed" mt={-8}>
            {t('setup.currencyText')}
          </Text>
          <NativeSelect
            label={t('setup.timeZone')}
            value={form.time_zone}
            onChange={set('time_zone')}
            data={timeZones()}
          />
          <TextInput
            label={t('signIn.login')}
            description={t('setup.loginText')}
            autoComplete="username"
            autoCapitalize="none"
            required
            minLength={3}
            maxLength={120}
            value={form.login}
            onChange={set('login')}
          />
          <PasswordInput
            label={t('signIn.password')}
            description={t('setup.passwordText')}
            autoComplete="new-password"
            required
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
            error={short ? t('setup.passwordShort') : undefined}
            value={form.password}
            onChange={set('password')}
          />
          <PasswordInput
            label={t('setup.again')}
            autoComplete="new-password"
            required
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
            error={differs ? t('setup.differs') : undefined}
            value={form.again}
            onChange={set('again')}
          />
          <ProblemNote error={begin.error} />
          {isOver && <LinkButton to="/">{t('setup.toSignIn')}</LinkButton>}
          <Button type="submit" loading={begin.isPending}>
            {t('setup.begin')}
          </Button>
        </Stack>
      </form>
    </Front>
  );
}
