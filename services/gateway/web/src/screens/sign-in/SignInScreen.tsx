// Signing in.
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '@/api/client';
import { ApiError } from '@/api/problem';
import { Front } from '@/parts/Front';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';

interface Props {
  /** The system has an owner already. */
  setUp: boolean;
  /** The code of what went wrong on the way here. */
  problem?: string | undefined;
}

export function SignInScreen({ setUp, problem }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const enter = useCommand({
    run: () => ask(api.POST('/api/v1/session', { body: { login, password } })),
    done: (me) => queries.setQueryData(['me'], me),
  });
  if (!setUp)
    return (
      <Front title={t('signIn.noOwner')} about={t('signIn.noOwnerText')}>
        {null}
      </Front>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <Front title={t('signIn.title')} about={t('signIn.about')}>
      <form onSubmit={submit}>
        <Stack>
          {problem && (
            <ProblemNote error={new ApiError(403, { code: problem })} title={t('connect.failed')} />
          )}
          <TextInput
            label={t('signIn.login')}
            name="login"
            autoComplete="username"
            autoCapitalize="none"
            autoFocus
            required
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <ProblemNote error={enter.error} title={t('signIn.failed')} />
          <Button type="submit" loading={enter.isPending}>
            {t('signIn.enter')}
          </Button>
        </Stack>
      </form>
    </Front>
  );
}
