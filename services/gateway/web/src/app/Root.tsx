// Who may see what: set-up without a session, sign-in, or the shell with a screen.
import { Center, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { asProblem } from '@/api/problem';
import { meQuery } from '@/api/queries';
import { chooseLanguage, hasChosenLanguage } from '@/i18n';
import { ProblemNote } from '@/parts/ProblemNote';
import { SignInScreen } from '@/screens/sign-in/SignInScreen';
import { useLive } from './live';
import { Shell } from './Shell';

export function Root() {
  const isSetup = useLocation({ select: (location) => location.pathname === '/setup' });
  const { problem } = useSearch({ strict: false }); // of a way back that found nobody signed in
  const me = useQuery({ ...meQuery, enabled: !isSetup });
  const signedIn = me.data !== undefined && !isSetup;
  useLive(signedIn);
  const language = me.data?.account.language;
  useEffect(() => {
    if (language && !hasChosenLanguage()) void chooseLanguage(language, false);
  }, [language]);

  if (isSetup) return <Outlet />;
  if (signedIn)
    return (
      <Shell me={me.data}>
        <Outlet />
      </Shell>
    );
  if (me.error && asProblem(me.error).isSignedOut)
    return <SignInScreen setUp={asProblem(me.error).setUp !== false} problem={problem} />;
  return (
    <Center mih="100dvh" p="md">
      {me.error ? <ProblemNote error={me.error} onRetry={() => void me.refetch()} /> : <Loader />}
    </Center>
  );
}
